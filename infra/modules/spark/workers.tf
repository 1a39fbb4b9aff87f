locals {
  on_volume = startswith(var.checkpoint, "file:")

  worker_services = {
    for name in local.workers : name => {
      image   = "spark"
      command = ["worker"]
      environment = merge({
        ADVERTISED_HOST     = lookup(var.hosts, name, name)
        SPARK_MASTER_URL    = "spark://${local.master}"
        HEAP                = "${var.heap_mib.spark-worker}m"
        WORKER_MEMORY       = "${var.heap_mib.spark-driver + var.heap_mib.spark-executor}m"
        EXECUTOR_MEMORY     = "${var.heap_mib.spark-executor}m"
        KAFKA_BOOTSTRAP     = var.kafka_bootstrap
        SCHEMA_REGISTRY_URL = var.schema_registry_url
        CASSANDRA_HOSTS     = var.cassandra_hosts
        CHECKPOINT          = var.checkpoint
        TRIGGER_INTERVAL_S  = tostring(var.trigger_interval_s)
      }, { for setting in ["AWS_ENDPOINT_URL"] : setting => null if !local.on_volume })
      secrets  = ["cassandra-spark"]
      volumes  = merge({ artifacts = "/artifacts" }, { for volume in ["checkpoint"] : volume => "/checkpoint" if local.on_volume })
      ports    = local.ports.spark-worker
      wait_for = [local.master]
      reaches = {
        spark-master    = ["rpc", "ui"]
        spark-worker    = ["rpc", "driver", "blocks"]
        kafka           = ["internal"]
        schema-registry = ["http"]
        cassandra       = ["cql"]
      }
      healthcheck = { test = ["CMD", "healthcheck", "worker"] }
      memory_mib  = var.memory_mib.spark-worker
    }
  }
}
