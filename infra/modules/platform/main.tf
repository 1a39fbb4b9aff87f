# The platform: the records of all services. Each component gets the addresses of the others. Nothing here
# depends on where the services run.

terraform {
  required_version = ">= 1.9"
}

module "ports" {
  source = "../ports"
}

module "postgres" {
  source                 = "../postgres"
  hosts                  = var.hosts
  memory_mib             = var.memory_mib
  max_slot_wal_keep_size = var.max_slot_wal_keep_size
  backup_bucket          = var.backup_bucket
  backup_retention_days  = var.backup_retention_days
}

module "kafka" {
  source           = "../kafka"
  brokers          = var.sizes.brokers
  zookeepers       = var.sizes.zookeepers
  topic_partitions = var.topic_partitions
  kafka_table_gib  = var.kafka_table_gib
  external_port    = lookup(var.publish, "kafka", null)
  postgres_host    = module.postgres.host
  databases        = var.databases
  hosts            = var.hosts
  memory_mib       = var.memory_mib
  heap_mib         = var.heap_mib
}

module "cassandra" {
  source          = "../cassandra"
  cassandra_nodes = var.sizes.cassandra_nodes
  racks           = var.racks
  hosts           = var.hosts
  memory_mib      = var.memory_mib
  heap_mib        = var.heap_mib
}

module "spark" {
  source              = "../spark"
  workers             = var.sizes.workers
  kafka_bootstrap     = module.kafka.bootstrap
  schema_registry_url = module.kafka.schema_registry_url
  cassandra_hosts     = module.cassandra.hosts
  postgres_host       = module.postgres.host
  checkpoint          = var.checkpoint
  trigger_interval_s  = var.trigger_interval_s
  zookeepers          = var.spark_state == "zookeeper" ? module.kafka.zookeepers : ""
  hosts               = var.hosts
  memory_mib          = var.memory_mib
  heap_mib            = var.heap_mib
}

module "randomuser" {
  source     = "../randomuser"
  hosts      = var.hosts
  memory_mib = var.memory_mib
}

module "airflow" {
  source         = "../airflow"
  postgres_host  = module.postgres.host
  randomuser_url = local.randomuser_url
  source_secrets = var.source_secrets
  spark          = module.spark
  hosts          = var.hosts
  memory_mib     = var.memory_mib

  # Tasks link to these pages, and do not connect to them.
  control_center_pages = contains(keys(var.publish), "control-center") ? "http://127.0.0.1:${var.publish["control-center"]}" : ""
}

module "control_center" {
  source               = "../control-center"
  verification_percent = var.verification_percent
  auto_repair_rows     = var.auto_repair_rows
  source_secrets       = var.source_secrets
  databases            = var.databases
  hosts                = var.hosts
  memory_mib           = var.memory_mib
  endpoints = {
    PUBLISHED           = join(",", local.pages)
    POSTGRES_HOST       = module.postgres.host
    KAFKA_BOOTSTRAP     = module.kafka.bootstrap
    ZOOKEEPERS          = module.kafka.zookeepers
    SCHEMA_REGISTRY_URL = module.kafka.schema_registry_url
    CONNECT_URL         = module.kafka.connect_url
    SPARK_MASTER_UI     = module.spark.master_ui
    SPARK_WORKERS       = module.spark.workers
    CASSANDRA_HOSTS     = module.cassandra.hosts
    AIRFLOW_URL         = module.airflow.url
    RANDOMUSER_URL      = local.randomuser_url
    PROMETHEUS_URL      = module.prometheus.url
  }
}

module "prometheus" {
  source            = "../prometheus"
  targets           = merge(module.kafka.metrics, module.cassandra.metrics)
  control_center    = module.control_center.address
  postgres_host     = module.postgres.host
  alert_webhook_url = var.alert_webhook_url
  hosts             = var.hosts
  memory_mib        = var.memory_mib
}

locals {
  # where a browser opens the pages of other services
  pages          = [for kind in ["airflow-api-server", "prometheus", "spark-master"] : "${kind}=${var.publish[kind]}" if contains(keys(var.publish), kind)]
  randomuser_url = coalesce(var.randomuser_url, module.randomuser.url)
  kind           = { for name, _ in local.records : name => replace(name, "/-[0-9]+$/", "") }
  node           = { for name, _ in local.records : name => try(tonumber(regex("-([0-9]+)$", name)[0]), 1) }

  # service → numbers of the ports that its `connects_to` names; null for a port that does not exist
  connected = { for name, record in local.records : name => flatten([
    for kind, ports in try(record.connects_to, {}) : [for port in ports : try(module.ports.ports[kind][port], null)]
  ]) }

  # service → numbers of the ports for which it waits
  awaited = { for name, record in local.records : name => [
    for address in try(record.wait_for, []) : tonumber(split(":", address)[1])
  ] }

  heaps = keys(merge(module.kafka.heap_mib, module.cassandra.heap_mib, module.spark.heap_mib))

  records = merge(
    module.postgres.services, module.kafka.services, module.cassandra.services, module.spark.services,
    module.randomuser.services, module.airflow.services, module.control_center.services,
    module.prometheus.services,
  )
}

module "record" {
  source = "../record"
  services = {
    for name, record in local.records : name => merge(record, {
      publish = {
        for kind, port in module.ports.published : port => var.publish[kind] + local.node[name] - 1
        if kind == local.kind[name] && contains(keys(var.publish), kind)
      }
    })
  }
}
