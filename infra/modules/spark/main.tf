# Spark standalone: a master and the workers, on which the streaming job's driver and executors run.

terraform {
  required_version = ">= 1.9"
}

module "ports" {
  source = "../ports"
}

locals {
  ports   = module.ports.ports
  workers = [for n in range(1, var.workers + 1) : "spark-worker-${n}"]
  host    = lookup(var.hosts, "spark-master", "spark-master")
  master  = "${local.host}:${local.ports.spark-master.rpc}"
}

output "services" {
  description = "Service name → record."
  value       = merge(local.master_services, local.worker_services)
}

output "master_url" {
  description = "E.g. \"spark://spark-master:7077\"."
  value       = "spark://${local.master}"
}

output "submit_url" {
  description = "REST submissions, e.g. \"http://spark-master:6066\". It has no password, so only Airflow may connect to it."
  value       = "http://${local.host}:${local.ports.spark-master.rest}"
}

output "master_ui" {
  description = "E.g. \"http://spark-master:8080\"."
  value       = "http://${local.host}:${local.ports.spark-master.ui}"
}

output "driver_memory" {
  description = "Heap of the streaming job's driver, for its submission, e.g. \"768m\"."
  value       = "${var.heap_mib.spark-driver}m"
}

output "workers" {
  description = "UI of each worker, e.g. \"spark-worker-1:8081,spark-worker-2:8081\"."
  value       = join(",", [for name in local.workers : "${lookup(var.hosts, name, name)}:${local.ports.spark-worker.ui}"])
}

output "heap_mib" {
  description = "Kind → Java heap."
  value       = var.heap_mib
}
