locals {
  master_services = {
    spark-master = {
      image   = "spark"
      command = ["master"]
      environment = {
        ADVERTISED_HOST = local.host
        HEAP            = "${var.heap_mib.spark-master}m"
        STATE_ZOOKEEPER = var.zookeepers
      }
      # Beside that state nothing is kept.
      volumes     = { for volume, path in { spark-master = "/var/lib/spark" } : volume => path if var.zookeepers == "" }
      ports       = local.ports.spark-master
      wait_for    = compact(split(",", var.zookeepers))
      reaches     = { spark-worker = ["rpc", "driver"], zookeeper = ["client"] }
      healthcheck = { test = ["CMD", "healthcheck", "master"] }
      memory_mib  = var.memory_mib.spark-master
    }
  }
}
