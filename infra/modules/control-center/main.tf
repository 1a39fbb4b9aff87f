# Control Center. It observes every component and waits for none, since it must answer while others are down.

terraform {
  required_version = ">= 1.9"
}

module "ports" {
  source = "../ports"
}

output "services" {
  description = "Service name → record."
  value = {
    control-center = {
      image = "control-center"
      environment = merge({ for name, value in var.endpoints : name => value if value != "" }, length(var.databases) == 0 ? {} : {
        DATABASES = join(",", [for name, address in var.databases : "${name}=${address}"])
        }, {
        PROJECT              = "{project}" # messages name containers
        VERIFICATION_PERCENT = tostring(var.verification_percent)
        AUTO_REPAIR_ROWS     = tostring(var.auto_repair_rows)
      })
      secrets = concat([
        "control-center-token", "control-center-reader", "control-center-operator", "control-center-metrics",
        "control-center-erasures", "airflow-admin", "cassandra-observer", "connect-rest", "postgres-observer", "postgres-ingest", "postgres-debezium",
      ], [for name in var.source_secrets : "source-${name}"], [for name, _ in var.databases : "database-${name}"])
      volumes   = { artifacts = "/artifacts", control-center = "/var/lib/control-center" }
      read_only = ["artifacts"]
      ports     = module.ports.ports.control-center
      connects_to = {
        postgres           = ["sql"]
        kafka              = ["internal"]
        zookeeper          = ["client"]
        schema-registry    = ["http"]
        connect            = ["http"]
        cassandra          = ["cql"]
        spark-master       = ["ui"]
        spark-worker       = ["ui"]
        airflow-api-server = ["http"]
        randomuser         = ["http"]
        prometheus         = ["http"]
      }
      memory_mib = var.memory_mib.control-center
    }
  }
}

output "address" {
  description = "host:port, e.g. \"control-center:9021\"."
  value       = "${lookup(var.hosts, "control-center", "control-center")}:${module.ports.ports.control-center.http}"
}
