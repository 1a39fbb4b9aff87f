# Cassandra: one ring, the target of the pipeline.

terraform {
  required_version = ">= 1.9"
}

module "ports" {
  source = "../ports"
}

locals {
  ports     = module.ports.ports.cassandra
  nodes     = [for n in range(1, var.cassandra_nodes + 1) : "cassandra-${n}"]
  host      = { for name in local.nodes : name => lookup(var.hosts, name, name) }
  addresses = [for name in local.nodes : "${local.host[name]}:${local.ports.cql}"]
}

output "services" {
  description = "Service name → record."
  value = {
    for index, name in local.nodes : name => {
      image = "cassandra"
      environment = merge({
        CASSANDRA_SEEDS    = join(",", [for node in slice(local.nodes, 0, min(3, length(local.nodes))) : local.host[node]])
        ADVERTISED_HOST    = local.host[name]
        REPLICATION_FACTOR = min(3, var.cassandra_nodes)
        HEAP               = "${var.heap_mib.cassandra}m"
        PROJECT            = "{project}" # messages name containers
      }, contains(keys(var.racks), name) ? { CASSANDRA_RACK = var.racks[name] } : {})
      secrets     = ["cassandra-admin", "cassandra-spark", "cassandra-observer"]
      certificate = true
      volumes     = { (name) = "/var/lib/cassandra" }
      tmpfs = {
        "/etc/cassandra" = {}              # rendered settings
        "/tmp"           = { exec = true } # native libraries of JNA, Netty and lz4 are unpacked there
      }
      pids  = 1024 # each connection has threads, and each core several
      ports = local.ports
      # Nodes join one after another: two at once may take the same token ranges.
      wait_for     = index == 0 ? [] : [local.addresses[index - 1]]
      connects_to  = { cassandra = ["cql", "storage"] }
      healthcheck  = { interval_s = 15, timeout_s = 15 } # a Python driver that connects
      memory_mib   = var.memory_mib.cassandra
      stop_grace_s = 30
      in_sync      = ["replicas-in-sync"]
    }
  }
}

output "hosts" {
  description = "Contact points, e.g. \"cassandra-1,cassandra-2\"."
  value       = join(",", [for name in local.nodes : local.host[name]])
}

output "metrics" {
  description = "Kind → host:port of the exporter in each of its services."
  value       = { cassandra = [for name in local.nodes : "${local.host[name]}:${local.ports.metrics}"] }
}

output "heap_mib" {
  description = "Kind → Java heap."
  value       = var.heap_mib
}
