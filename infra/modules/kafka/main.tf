# Kafka with ZooKeeper, the Schema Registry and Connect with Debezium: one file per kind.

terraform {
  required_version = ">= 1.9"
}

module "ports" {
  source = "../ports"
}

locals {
  ports = module.ports.ports

  # service → its DNS name
  host = { for name in concat(local.zookeepers, local.brokers, ["schema-registry", "connect"]) : name => lookup(var.hosts, name, name) }

  postgres           = "${var.postgres_host}:${local.ports.postgres.sql}"
  replication_factor = min(3, var.brokers)
}

output "services" {
  description = "Service name → record."
  value = merge(
    local.zookeeper_services, local.broker_services, local.schema_registry_services, local.connect_services,
  )
}

output "bootstrap" {
  description = "Brokers for clients, e.g. \"kafka-1:9092,kafka-2:9092\"."
  value       = join(",", local.broker_addresses)
}

output "schema_registry_url" {
  description = "E.g. \"http://schema-registry:8081\"."
  value       = local.schema_registry_url
}

output "connect_url" {
  description = "E.g. \"http://connect:8083\"."
  value       = "http://${local.host.connect}:${local.ports.connect.http}"
}

output "zookeepers" {
  description = "ZooKeeper nodes, e.g. \"zookeeper-1:2181\"."
  value       = join(",", local.zookeeper_addresses)
}

output "metrics" {
  description = "Kind → host:port of the exporter in each of its services."
  value = {
    for kind, names in { zookeeper = local.zookeepers, kafka = local.brokers, connect = ["connect"] } :
    kind => [for name in names : "${local.host[name]}:${local.ports[kind].metrics}"]
  }
}

output "heap_mib" {
  description = "Kind → Java heap."
  value       = var.heap_mib
}
