# Airflow: one record per process, all with the same image.

terraform {
  required_version = ">= 1.9"
}

module "ports" {
  source = "../ports"
}

locals {
  port     = module.ports.ports.airflow-api-server.http
  host     = lookup(var.hosts, "airflow-api-server", "airflow-api-server")
  postgres = "${var.postgres_host}:${module.ports.ports.postgres.sql}"
  url      = "http://${local.host}:${local.port}"

  common = {
    image = "airflow"
    environment = {
      POSTGRES_HOST                           = var.postgres_host
      AIRFLOW__CORE__EXECUTION_API_SERVER_URL = "${local.url}/execution/"
    }
    secrets     = ["postgres-airflow", "airflow-fernet-key", "airflow-jwt-secret", "airflow-secret-key"]
    volumes     = { artifacts = "/artifacts", airflow-logs = "/var/log/airflow" }
    wait_for    = [local.postgres]
    connects_to = { postgres = ["sql"], airflow-api-server = ["http"] }
  }
}

output "services" {
  description = "Service name → record."
  value = {
    airflow-api-server = merge(local.common, {
      command     = ["api-server"]
      read_only   = ["artifacts", "airflow-logs"]
      secrets     = concat(local.common.secrets, ["airflow-admin"])
      ports       = { http = local.port }
      healthcheck = { test = ["CMD", "airflow-healthy", "api-server"] }
      memory_mib  = var.memory_mib.airflow-api-server
    })

    # Tasks run in this container, and deploy-dags writes the artifacts from it.
    airflow-scheduler = merge(local.common, {
      command = ["scheduler"]
      environment = merge(local.common.environment, var.control_center_pages == "" ? {} : {
        CONTROL_CENTER_PAGES = var.control_center_pages
        }, {
        RANDOMUSER_URL   = var.randomuser_url
        SPARK_SUBMIT_URL = var.spark.submit_url
        SPARK_MASTER_UI  = var.spark.master_ui
      })
      secrets = concat(local.common.secrets, ["postgres-ingest", "spark-submit"], [for name in var.source_secrets : "source-${name}"])
      connects_to = merge(local.common.connects_to, {
        spark-master = ["submit", "ui"]
        randomuser   = ["http"]
      })
      healthcheck = { test = ["CMD", "airflow-healthy", "scheduler"] }
      memory_mib  = var.memory_mib.airflow-scheduler
    })

    airflow-dag-processor = merge(local.common, {
      command     = ["dag-processor"]
      read_only   = ["artifacts"]
      healthcheck = { test = ["CMD", "airflow-healthy", "dag-processor"] }
      memory_mib  = var.memory_mib.airflow-dag-processor
    })
  }
}

output "url" {
  description = "E.g. \"http://airflow-api-server:8080\"."
  value       = local.url
}
