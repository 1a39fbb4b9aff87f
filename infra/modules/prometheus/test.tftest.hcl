variables {
  targets        = { kafka = ["kafka-1:9404", "kafka-2:9404"], connect = ["connect:9404"] }
  control_center = "control-center:9021"
  postgres_host  = "postgres"
}

run "reads_every_target" {
  command = plan

  assert {
    condition     = output.services.prometheus.environment.TARGETS == "connect=connect:9404 kafka=kafka-1:9404,kafka-2:9404 postgres=postgres-exporter:9187"
    error_message = "Prometheus scrapes ${output.services.prometheus.environment.TARGETS}"
  }

  assert {
    condition     = output.services.prometheus.connects_to.kafka == ["metrics"] && output.services.prometheus.connects_to.alertmanager == ["http"]
    error_message = "connects_to: ${jsonencode(output.services.prometheus.connects_to)}"
  }
}

run "is_told_names_of_machines" {
  command = plan
  variables { hosts = { alertmanager = "alerts.example", prometheus = "metrics.example" } }

  assert {
    condition     = output.services.prometheus.environment.ALERTMANAGER == "alerts.example:9093" && output.url == "http://metrics.example:9090"
    error_message = "environment: ${jsonencode(output.services.prometheus.environment)}, url: ${output.url}"
  }
}

run "refuses_webhook_without_scheme" {
  command = plan
  variables { alert_webhook_url = "pager:8000" }
  expect_failures = [var.alert_webhook_url]
}

run "refuses_webhook_with_a_password" {
  command = plan
  variables { alert_webhook_url = "https://riada:secret@pager/alerts" }
  expect_failures = [var.alert_webhook_url]
}
