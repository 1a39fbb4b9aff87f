locals {
  master_services = {
    spark-master = {
      image   = "spark"
      command = ["master"]
      environment = {
        ADVERTISED_HOST = local.host
        HEAP            = "${var.heap_mib.spark-master}m"
      }
      volumes     = { spark-master = "/var/lib/spark" }
      ports       = local.ports.spark-master
      healthcheck = { test = ["CMD", "healthcheck", "master"] }
      memory_mib  = var.memory_mib.spark-master
    }
  }
}
