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
      image = "postgres"
      environment = merge(
        {
          MAX_SLOT_WAL_KEEP     = var.max_slot_wal_keep_size
          BACKUP_RETENTION_DAYS = tostring(var.backup_retention_days)
        },
        # null: the value that the machine has
        var.backup_bucket == null ? {} : {
          BACKUP_BUCKET    = var.backup_bucket.name
          BACKUP_REGION    = var.backup_bucket.region
          AWS_ENDPOINT_URL = null
        },
      )
      secrets = [
        "postgres-superuser", "postgres-airflow", "postgres-registry",
        "postgres-ingest", "postgres-application", "postgres-debezium", "postgres-observer",
      ]
      certificate = true
      volumes = merge(
        { postgres = "/var/lib/postgresql", artifacts = "/artifacts" },
        var.backup_bucket == null ? { backups = "/var/lib/pgbackrest" } : {},
      )
      read_only    = ["artifacts"]
      tmpfs        = { "/run/postgresql" = {} } # sockets, settings and locks of a run
      ports        = module.ports.ports.postgres
      memory_mib   = var.memory_mib.postgres
      stop_grace_s = 60
    }
  }
}

output "host" {
  description = "E.g. \"postgres\"; its port is 5432."
  value       = lookup(var.hosts, "postgres", "postgres")
}
