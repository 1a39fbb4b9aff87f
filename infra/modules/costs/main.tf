# Costs of the chosen sizes: the sum of list prices, and its class (docs/aws.md).

terraform {
  required_version = ">= 1.9"
}

variable "instance_types" {
  description = "Instance type of each machine, e.g. [\"t3.small\", \"t3.medium\"]."
  type        = list(string)
}

variable "disk_gib" {
  description = "Size of all volumes together, including root disks."
  type        = number
}

variable "endpoints" {
  description = "Interface endpoints × zones."
  type        = number
}

variable "nat_gateways" {
  description = "NAT gateways."
  type        = number
  default     = 0
}

module "instance_types" {
  source = "../instance-types"
}

locals {
  usd_month = { gib = 0.09, endpoint = 7.5, nat_gateway = 33, rest = 25 } # rest: key, secrets, logs, metrics, alarms

  machine = { for type in module.instance_types.types : type.name => type.usd_month }

  total = sum(concat(
    [for type in var.instance_types : local.machine[type]],
    [var.disk_gib * local.usd_month.gib, var.endpoints * local.usd_month.endpoint],
    [var.nat_gateways * local.usd_month.nat_gateway, local.usd_month.rest],
  ))

  classes = [
    { name = "A", up_to = 500 },
    { name = "B", up_to = 1000 },
    { name = "C", up_to = 2500 },
    { name = "D", up_to = 5000 },
    { name = "E", up_to = null },
  ]
}

output "usd_month" {
  description = "Estimate without traffic, rounded up to tens."
  value       = ceil(local.total / 10) * 10
}

output "class" {
  description = "E.g. \"B\"."
  value       = [for class in local.classes : class.name if try(local.total <= class.up_to, true)][0]
}

output "classes" {
  description = "The classes, each with its upper limit in dollars a month."
  value       = local.classes
}
