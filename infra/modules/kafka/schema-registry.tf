locals {
  schema_registry_url = "http://${local.host.schema-registry}:${local.ports.schema-registry.http}"

  schema_registry_services = {
    schema-registry = {
      image = "schema-registry"
      environment = {
        POSTGRES_HOST = var.postgres_host
        HEAP          = "${var.heap_mib.schema-registry}m"
      }
      secrets     = ["postgres-registry"]
      ports       = local.ports.schema-registry
      wait_for    = [local.postgres]
      connects_to = { postgres = ["sql"] }
      memory_mib  = var.memory_mib.schema-registry
    }
  }
}
