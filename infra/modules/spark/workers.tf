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
        POSTGRES_HOST       = var.postgres_host
        CHECKPOINT          = var.checkpoint
        TRIGGER_INTERVAL_S  = tostring(var.trigger_interval_s)
        },
        # null: the value that the machine has
        local.on_volume ? {} : { AWS_ENDPOINT_URL = null },
      )
      secrets        = ["cassandra-spark", "postgres-observer", local.secret]
      cluster_secret = local.secret
      # Its own volume holds logs and what sorts of a comparison spill: more than memory may take.
      volumes  = merge({ artifacts = "/artifacts", (name) = "/var/lib/spark-work" }, local.on_volume ? { checkpoint = "/checkpoint" } : {})
      tmpfs    = { "/tmp" = { exec = true } } # native libraries of zstd, lz4, snappy and Netty are unpacked there
      pids     = 2048                         # worker, driver and executors
      ports    = local.ports.spark-worker
      wait_for = [local.master]
      connects_to = {
        spark-master    = ["rpc", "ui"]
        spark-worker    = ["rpc", "driver", "blocks"]
        kafka           = ["internal"]
        schema-registry = ["http"]
        cassandra       = ["cql"]
        postgres        = ["sql"] # comparisons
      }
      healthcheck = { test = ["CMD", "healthcheck", "worker"] }
      memory_mib  = var.memory_mib.spark-worker
      leads       = ["pgrep", "-f", "deploy.worker.DriverWrapper"]
    }
  }
}
