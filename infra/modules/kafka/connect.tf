locals {
  connect_services = {
    connect = {
      image = "connect"
      environment = merge({
        KAFKA_BOOTSTRAP     = join(",", local.broker_addresses)
        SCHEMA_REGISTRY_URL = local.schema_registry_url
        POSTGRES_HOST       = var.postgres_host
        ADVERTISED_HOST     = local.host.connect
        TOPIC_PARTITIONS    = var.topic_partitions
        KAFKA_TABLE_GIB     = var.kafka_table_gib
        REPLICATION_FACTOR  = local.replication_factor
        HEAP                = "${var.heap_mib.connect}m"
      }, length(var.databases) == 0 ? {} : { DATABASES = join(",", [for name, address in var.databases : "${name}=${address}"]) })
      secrets   = concat(["postgres-debezium", "connect-rest"], [for name, _ in var.databases : "database-${name}"])
      volumes   = { artifacts = "/artifacts" }
      read_only = ["artifacts"]
      tmpfs     = { "/tmp" = { exec = true } } # native libraries of zstd, lz4 and snappy are unpacked there
      ports     = local.ports.connect
      wait_for = concat(local.broker_addresses, [
        "${local.host.schema-registry}:${local.ports.schema-registry.http}", local.postgres,
      ])
      connects_to = { kafka = ["internal"], schema-registry = ["http"], postgres = ["sql"] }
      memory_mib  = var.memory_mib.connect
    }
  }
}
