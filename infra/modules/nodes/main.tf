# Placement and records → nodes: the size of each machine and its disk, and what its services need.

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

  records = { for name, node in var.placement.nodes : name => {
    for service in node.services : service => var.services[service] if contains(keys(var.services), service)
  } }

  memory_mib = { for name, records in local.records : name => local.reserve_mib + sum(concat([0], [for record in records : record.memory_mib])) }

  fitting = { for name, memory in local.memory_mib : name => [for type in module.instance_types.types : type.name if type.memory_mib >= memory] }
  placed  = flatten([for node in var.placement.nodes : node.services])
  roles   = keys(var.placement.roles)
}

output "nodes" {
  description = "Node → {role, zone, services (names), secrets, images, volumes, instance_type, data_gib (0: no data volume)}."
  value = {
    for name, node in var.placement.nodes : name => {
      role          = node.role
      zone          = node.zone
      services      = node.services
      secrets       = sort(distinct(flatten([for record in local.records[name] : record.secrets])))
      images        = sort(distinct([for record in local.records[name] : record.image]))
      volumes       = sort(distinct(flatten([for record in local.records[name] : keys(record.volumes)])))
      instance_type = local.fitting[name][0]
      # A volume that the node only reads, such as the artifacts, comes from the bucket again.
      data_gib = anytrue([
        for record in local.records[name] : length(setsubtract(keys(record.volumes), record.read_only)) > 0
      ]) ? local.data_gib[node.role] : 0
    }
  }

  precondition {
    condition     = length(setsubtract(keys(var.services), local.placed)) == 0
    error_message = "modules/placement has no node for: ${join(", ", setsubtract(keys(var.services), local.placed))}."
  }

  precondition {
    condition     = length(setsubtract(keys(var.data_gib), local.roles)) == 0
    error_message = "data_gib names unknown roles: ${join(", ", setsubtract(keys(var.data_gib), local.roles))}. Roles: ${join(", ", local.roles)}."
  }

  precondition {
    condition     = alltrue([for types in local.fitting : length(types) > 0])
    error_message = "No instance type of modules/instance-types has enough memory for: ${join(", ", [for name, types in local.fitting : "${name} (${local.memory_mib[name]} MiB)" if length(types) == 0])}."
  }
}
