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

  # Master, workers, drivers and executors authenticate each other by it.
  secret = "spark-rpc"
}

output "services" {
  description = "Service name → record."
  value       = merge(local.master_services, local.worker_services)
}

output "submit_url" {
  description = "Gateway for submissions, e.g. \"https://spark-master:6066\"."
  value       = "https://${local.host}:${local.ports.spark-master.submit}"
}

output "master_ui" {
  description = "E.g. \"http://spark-master:8080\"."
  value       = "http://${local.host}:${local.ports.spark-master.ui}"
}

output "workers" {
  description = "UI of each worker, e.g. \"spark-worker-1:8081,spark-worker-2:8081\"."
  value       = join(",", [for name in local.workers : "${lookup(var.hosts, name, name)}:${local.ports.spark-worker.ui}"])
}

output "heap_mib" {
  description = "Kind → Java heap."
  value       = var.heap_mib
}
