locals {
  master_services = {
    spark-master = {
      image   = "spark"
      command = ["master"]
      environment = {
        ADVERTISED_HOST = local.host
        HEAP            = "${var.heap_mib.spark-master}m"
        STATE_ZOOKEEPER = var.zookeepers

        SPARK_DRIVER_MEMORY_MIB = tostring(var.heap_mib.spark-driver)
      }
      secrets        = [local.secret, "spark-submit"]
      certificate    = true
      cluster_secret = local.secret
      # With its state in ZooKeeper the master needs no volume.
      volumes     = var.zookeepers == "" ? { spark-master = "/var/lib/spark" } : {}
      tmpfs       = { "/tmp" = { exec = true } } # native libraries of Netty are unpacked there
      ports       = local.ports.spark-master
      wait_for    = compact(split(",", var.zookeepers))
      connects_to = { spark-worker = ["rpc", "driver"], zookeeper = ["client"] }
      healthcheck = { test = ["CMD", "healthcheck", "master"] }
      memory_mib  = var.memory_mib.spark-master
    }
  }
}
