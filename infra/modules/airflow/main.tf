# Airflow: one record a process, all from one image.

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
      RANDOMUSER_URL                          = var.randomuser_url
      SPARK_SUBMIT_URL                        = var.spark.submit_url
      SPARK_MASTER_UI                         = var.spark.master_ui
      SPARK_MASTER_URL                        = var.spark.master_url
      SPARK_DRIVER_MEMORY                     = var.spark.driver_memory
    }
    secrets = [
      "postgres-airflow", "postgres-ingest",
      "airflow-admin", "airflow-fernet-key", "airflow-jwt-secret", "airflow-secret-key",
    ]
    volumes = { artifacts = "/artifacts", airflow-logs = "/var/log/airflow" }
  }
}

output "services" {
  description = "Service name → record."
  value = {
    airflow-api-server = merge(local.common, {
      command     = ["api-server"]
      healthcheck = { test = ["CMD", "airflow-healthy", "api-server"] }
      ports       = { http = local.port }
      wait_for    = [local.postgres]
      memory_mib  = var.memory_mib.airflow-api-server
    })
    airflow-scheduler = merge(local.common, {
      command     = ["scheduler"]
      healthcheck = { test = ["CMD", "airflow-healthy", "scheduler"] }
      wait_for    = [local.postgres, "${local.host}:${local.port}"]
      memory_mib  = var.memory_mib.airflow-scheduler
    })
    airflow-dag-processor = merge(local.common, {
      command     = ["dag-processor"]
      healthcheck = { test = ["CMD", "airflow-healthy", "dag-processor"] }
      wait_for    = [local.postgres, "${local.host}:${local.port}"]
      memory_mib  = var.memory_mib.airflow-dag-processor
    })
  }
}

output "url" {
  description = "E.g. \"http://airflow-api-server:8080\"."
  value       = local.url
}
