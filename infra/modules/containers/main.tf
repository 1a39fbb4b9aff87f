# Service records of one machine + what only that machine knows → its containers. The docker provider
# (infra/local) and compose (modules/compose) both take them from here and add nothing.

terraform {
  required_version = ">= 1.9"
}

variable "project" {
  description = "Name of the installation, prefix of everything it owns on the machine."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}$", var.project))
    error_message = "project is up to 31 of a-z, 0-9 and '-', beginning with a letter; \"${var.project}\" is not."
  }
}

variable "services" {
  description = "Service name → record (shape: modules/record)."
  type        = any
}

variable "images" {
  description = "Short name of an image → tag, e.g. {kafka = \"riada/kafka:1f0c9a31c2d0\"}."
  type        = map(string)
}

variable "secrets_dir" {
  description = "Absolute path of the folder with one file a secret."
  type        = string

  validation {
    condition     = startswith(var.secrets_dir, "/")
    error_message = "secrets_dir must be an absolute path, since containers mount its files; \"${var.secrets_dir}\" is not."
  }
}

# Invariant 6.
variable "publish_address" {
  description = "Address of the machine that published ports bind to."
  type        = string
  default     = "127.0.0.1"
}

variable "network" {
  description = "\"host\": services listen on the machine's own addresses; null: a network of the project's name."
  type        = string
  default     = null

  validation {
    condition     = var.network == null || var.network == "host"
    error_message = "network is null or \"host\", not \"${coalesce(var.network, "null")}\"."
  }
}

variable "log" {
  description = "Where containers' output goes, e.g. {driver = \"awslogs\", options = {awslogs-group = \"riada\"}}."
  type        = object({ driver = string, options = map(string) })
  default     = { driver = "json-file", options = { max-size = "10m", max-file = "3" } }
}

module "record" {
  source   = "../record"
  services = var.services
}

locals {
  labels = { "riada.project" = var.project }

  # As Go writes durations ("2m0s"), since the provider compares text.
  healthchecks = {
    for name, service in module.record.services : name => merge(
      { test = service.healthcheck.test, retries = service.healthcheck.retries },
      {
        for field in ["interval", "timeout", "start_period"] : field => replace(format(
          "%dm%ds", floor(service.healthcheck["${field}_s"] / 60), service.healthcheck["${field}_s"] % 60,
        ), "/^0m/", "")
      },
    )
  }
}

output "containers" {
  description = "Service name → container."
  value = {
    for name, service in module.record.services : name => {
      name        = "${var.project}-${name}"
      hostname    = name
      image       = lookup(var.images, service.image, "riada/${service.image}:missing")
      command     = service.command
      environment = service.environment

      # The provider reports a changed health check but leaves the container as it is; a changed label
      # makes it anew.
      labels = merge(local.labels, {
        "riada.service"     = name
        "riada.healthcheck" = jsonencode(local.healthchecks[name])
      })

      mounts = concat(
        [for volume, path in service.volumes : {
          type = "volume", source = "${var.project}-${volume}", target = path, read_only = contains(service.read_only, volume)
        }],
        [for secret in service.secrets : {
          type = "bind", source = "${var.secrets_dir}/${secret}", target = "/run/secrets/${secret}", read_only = true
        }],
      )

      ports = [for port, host_port in service.publish : {
        address = var.publish_address, host_port = host_port, container_port = service.ports[port]
      }]

      healthcheck   = local.healthchecks[name]
      memory_mib    = service.memory_mib
      stop_grace_s  = service.stop_grace_s
      restart       = "unless-stopped"
      cap_drop      = ["ALL"]
      security_opts = ["no-new-privileges:true"]
      log_driver    = var.log.driver
      log_opts      = var.log.options
    }
  }

  precondition {
    condition     = length(setsubtract([for service in var.services : service.image], keys(var.images))) == 0
    error_message = "There is no docker/IMAGE/Dockerfile for: ${join(", ", setsubtract([for service in var.services : service.image], keys(var.images)))}."
  }
}

output "volumes" {
  description = "Names of the volumes, e.g. [\"riada-postgres\"]."
  value = toset(flatten([
    for service in module.record.services : [for volume, _ in service.volumes : "${var.project}-${volume}"]
  ]))
}

output "network" {
  description = "Name of the network on which services reach each other by their names; \"host\": the machine's."
  value       = coalesce(var.network, var.project)
}

output "labels" {
  description = "What marks everything of this installation."
  value       = local.labels
}
