# Which services share a machine, and what such a machine is: role → nodes. A role's services are always
# together; a role with a number has several nodes, each with one service of its name.

terraform {
  required_version = ">= 1.9"
}

module "ports" {
  source = "../ports"
}

module "instance_types" {
  source = "../instance-types"
}

locals {
  single = {
    postgres       = ["postgres"]
    connect        = ["schema-registry", "connect"]
    spark-master   = ["spark-master"]
    airflow        = ["airflow-api-server", "airflow-scheduler", "airflow-dag-processor", "randomuser"]
    control-center = ["control-center", "prometheus", "alertmanager", "postgres-exporter"]
  }

  numbered = {
    zookeeper    = var.sizes.zookeepers
    kafka        = var.sizes.brokers
    cassandra    = var.sizes.cassandra_nodes
    spark-worker = var.sizes.workers
  }

  # name of the node → its role, its services, its turn among the zones
  nodes = merge(
    { for role, names in local.single : role => { role = role, services = names, turn = 0 } },
    merge([
      for role, count in local.numbered : {
        for n in range(count) : "${role}-${n + 1}" => { role = role, services = ["${role}-${n + 1}"], turn = n }
      }
    ]...),
  )

  data_gib = merge({
    postgres       = 50
    zookeeper      = 10
    kafka          = 100
    cassandra      = 100
    spark-worker   = 20
    airflow        = 20
    control-center = 10
  }, var.data_gib)

  # The operating system and the engine.
  reserve_mib = 768

  records = { for name, node in local.nodes : name => {
    for service in node.services : service => var.services[service] if contains(keys(var.services), service)
  } }

  memory_mib = { for name, records in local.records : name => local.reserve_mib + sum(concat([0], [for record in records : record.memory_mib])) }

  fitting = { for name, memory in local.memory_mib : name => [for type in module.instance_types.types : type.name if type.memory_mib >= memory] }
  placed  = flatten([for node in local.nodes : node.services])
}

output "hosts" {
  description = "Service → DNS name, for modules/platform; follows from the sizes alone."
  value       = { for service in local.placed : service => "${service}.${var.domain}" }
}

output "racks" {
  description = "Cassandra node → its zone, for modules/platform; follows from the sizes alone."
  value = {
    for name, node in local.nodes : name => var.zones[node.turn % length(var.zones)] if node.role == "cassandra"
  }
}

output "nodes" {
  description = "Node → {role, zone, services (records), secrets, images, instance_type, data_gib (0: keeps nothing)}."
  value = {
    for name, node in local.nodes : name => {
      role          = node.role
      zone          = var.zones[node.turn % length(var.zones)]
      services      = local.records[name]
      secrets       = sort(distinct(flatten([for record in local.records[name] : record.secrets])))
      images        = sort(distinct([for record in local.records[name] : record.image]))
      instance_type = local.fitting[name][0]
      data_gib      = anytrue([for record in local.records[name] : length(record.volumes) > 0]) ? local.data_gib[node.role] : 0
    }
  }

  precondition {
    condition     = length(setsubtract(keys(var.services), local.placed)) == 0
    error_message = "No role of modules/nodes runs: ${join(", ", setsubtract(keys(var.services), local.placed))}."
  }

  precondition {
    condition     = length(setsubtract(keys(var.data_gib), distinct([for node in local.nodes : node.role]))) == 0
    error_message = "data_gib names what is no role: ${join(", ", setsubtract(keys(var.data_gib), [for node in local.nodes : node.role]))}. Roles: ${join(", ", distinct([for node in local.nodes : node.role]))}."
  }

  precondition {
    condition     = alltrue([for types in local.fitting : length(types) > 0])
    error_message = "No instance type of modules/instance-types has the memory for: ${join(", ", [for name, types in local.fitting : "${name} (${local.memory_mib[name]} MiB)" if length(types) == 0])}."
  }
}
