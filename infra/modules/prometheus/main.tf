# Prometheus with its rules, Alertmanager for the webhook, PostgreSQL's exporter. The other exporters are
# part of their services: output `metrics` of their modules. These services wait for no other
# service, because each retries.

terraform {
  required_version = ">= 1.9"
}

module "ports" {
  source = "../ports"
}

locals {
  ports = module.ports.ports
  host  = { for name in ["prometheus", "alertmanager", "postgres-exporter"] : name => lookup(var.hosts, name, name) }

  targets = merge(var.targets, {
    postgres = ["${local.host.postgres-exporter}:${local.ports.postgres-exporter.metrics}"]
  })
}

output "services" {
  description = "Service name → record."
  value = {
    prometheus = {
      image   = "prometheus"
      command = ["prometheus"]
      environment = {
        CONTROL_CENTER = var.control_center
        ALERTMANAGER   = "${local.host.alertmanager}:${local.ports.alertmanager.http}"
        GOMEMLIMIT     = "${floor(var.memory_mib.prometheus * 0.7)}MiB" # above this it frees memory more often
        TARGETS        = join(" ", [for job, addresses in local.targets : "${job}=${join(",", addresses)}"])
      }
      secrets = ["control-center-metrics"]
      volumes = { prometheus = "/var/lib/prometheus" }
      ports   = local.ports.prometheus
      connects_to = merge({ for kind, _ in var.targets : kind => ["metrics"] }, {
        control-center    = ["http"]
        alertmanager      = ["http"]
        postgres-exporter = ["metrics"]
      })
      memory_mib = var.memory_mib.prometheus
    }

    alertmanager = {
      image       = "prometheus"
      command     = ["alertmanager"]
      environment = { ALERT_WEBHOOK_URL = var.alert_webhook_url }
      secrets     = ["alert-webhook"]
      volumes     = { alertmanager = "/var/lib/alertmanager" }
      ports       = local.ports.alertmanager
      memory_mib  = var.memory_mib.alertmanager
    }

    postgres-exporter = {
      image       = "prometheus"
      command     = ["postgres-exporter"]
      environment = { POSTGRES_HOST = var.postgres_host }
      secrets     = ["postgres-observer"]
      ports       = local.ports.postgres-exporter
      connects_to = { postgres = ["sql"] }
      healthcheck = { interval_s = 30 } # it queries all of PostgreSQL's statistics
      memory_mib  = var.memory_mib.postgres-exporter
    }
  }
}

output "url" {
  description = "E.g. \"http://prometheus:9090\"."
  value       = "http://${local.host.prometheus}:${local.ports.prometheus.http}"
}
