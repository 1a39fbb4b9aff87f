# Sizes → nodes: which services share a machine, and in which zone it is. The services of a role are always
# together. A role with a number has several nodes, each with one service of the node's name.

terraform {
  required_version = ">= 1.9"
}

variable "sizes" {
  description = "The sizes of modules/platform, e.g. {brokers = 3, zookeepers = 3, workers = 2, cassandra_nodes = 3}."
  type = object({
    brokers         = optional(number, 1)
    zookeepers      = optional(number, 1)
    workers         = optional(number, 1)
    cassandra_nodes = optional(number, 1)
  })
  default = {}
}

variable "domain" {
  description = "Private zone in which every service has a name, e.g. \"riada.internal\"."
  type        = string
}

variable "zones" {
  description = "Zones over which the nodes of a role are spread: the n-th node is in the n-th zone, then from the first again."
  type        = list(string)
  default     = ["a", "b", "c"]

  validation {
    condition     = length(var.zones) >= 1
    error_message = "zones must name at least one zone."
  }
}

locals {
  # role → its kinds of service, on one node
  single = {
    postgres       = ["postgres"]
    connect        = ["schema-registry", "connect"]
    spark-master   = ["spark-master"]
    airflow        = ["airflow-api-server", "airflow-scheduler", "airflow-dag-processor", "randomuser"]
    control-center = ["control-center", "prometheus", "alertmanager", "postgres-exporter"]
  }

  # role, which is also its kind of service → how many nodes
  numbered = {
    zookeeper    = var.sizes.zookeepers
    kafka        = var.sizes.brokers
    cassandra    = var.sizes.cassandra_nodes
    spark-worker = var.sizes.workers
  }

  nodes = merge(
    { for role, kinds in local.single : role => { role = role, services = kinds, index = 0 } },
    merge([
      for role, count in local.numbered : {
        for n in range(count) : "${role}-${n + 1}" => { role = role, services = ["${role}-${n + 1}"], index = n }
      }
    ]...),
  )
}

output "nodes" {
  description = "Node → {role, services (names), zone}, e.g. kafka-1 = {role = \"kafka\", services = [\"kafka-1\"], zone = \"a\"}."
  value = {
    for name, node in local.nodes : name => {
      role     = node.role
      services = node.services
      zone     = var.zones[node.index % length(var.zones)]
    }
  }
}

output "roles" {
  description = "Role → {kinds (of service on its nodes), numbered (has several nodes)}."
  value = merge(
    { for role, kinds in local.single : role => { kinds = kinds, numbered = false } },
    { for role, _ in local.numbered : role => { kinds = [role], numbered = true } },
  )
}

output "hosts" {
  description = "Service → DNS name, for modules/platform."
  value       = { for service in flatten([for node in local.nodes : node.services]) : service => "${service}.${var.domain}" }
}

output "racks" {
  description = "Cassandra node → its zone, for modules/platform."
  value       = { for name, node in local.nodes : name => var.zones[node.index % length(var.zones)] if node.role == "cassandra" }
}
