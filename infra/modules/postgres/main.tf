# PostgreSQL: the system of record (database people), and the databases of Airflow and the registry.

terraform {
  required_version = ">= 1.9"
}

module "ports" {
  source = "../ports"
}

output "services" {
  description = "Service name → record."
  value = {
    postgres = {
      image       = "postgres"
      environment = { MAX_SLOT_WAL_KEEP = var.max_slot_wal_keep_size }
      secrets = [
        "postgres-superuser", "postgres-airflow", "postgres-registry",
        "postgres-ingest", "postgres-application", "postgres-debezium", "postgres-observer",
      ]
      volumes      = { postgres = "/var/lib/postgresql", artifacts = "/artifacts" }
      read_only    = ["artifacts"]
      ports        = module.ports.ports.postgres
      memory_mib   = var.memory_mib.postgres
      stop_grace_s = 30
    }
  }
}

output "host" {
  description = "E.g. \"postgres\"; its port is 5432."
  value       = lookup(var.hosts, "postgres", "postgres")
}
