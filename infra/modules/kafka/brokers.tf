locals {
  brokers = [for n in range(1, var.brokers + 1) : "kafka-${n}"]

  broker_addresses = [for name in local.brokers : "${local.host[name]}:${local.ports.kafka.internal}"]

  broker_services = {
    for index, name in local.brokers : name => {
      image = "kafka"
      # Brokers must advertise different addresses. With the host "localhost" only the port differs.
      environment = merge(var.external_port == null ? {} : { EXTERNAL_PORT = var.external_port + index }, {
        BROKER_ID          = index + 1
        ADVERTISED_HOST    = local.host[name]
        ZOOKEEPER_CONNECT  = join(",", local.zookeeper_addresses)
        REPLICATION_FACTOR = local.replication_factor
        HEAP               = "${var.heap_mib.kafka}m"
      })
      volumes      = { (name) = "/var/lib/kafka" }
      tmpfs        = { "/tmp" = { exec = true } } # native libraries of zstd, lz4 and snappy are unpacked there
      ports        = { for name, port in local.ports.kafka : name => port if name != "external" || var.external_port != null }
      wait_for     = local.zookeeper_addresses
      connects_to  = { zookeeper = ["client"], kafka = ["internal"] }
      memory_mib   = var.memory_mib.kafka
      stop_grace_s = 30
      in_sync      = ["replicas-in-sync"]
      leads        = ["sh", "-c", "curl -fsS localhost:9404/metrics | grep -q '^kafka_active_controllers 1'"]
    }
  }
}
