# Records of the services of one machine, and facts of that machine → its containers. The docker provider
# (infra/local) and modules/compose both use them and add nothing.

terraform {
  required_version = ">= 1.9"
}

variable "project" {
  description = "Name of the installation, and prefix of everything that it owns on the machine."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}$", var.project))
    error_message = "project must be up to 31 of a-z, 0-9 and '-', beginning with a letter, not \"${var.project}\"."
  }
}

variable "services" {
  description = "Service name → record (modules/record), with every attribute that a container needs."
  type = map(object({
    image       = string
    command     = list(string)
    environment = map(string)
    secrets     = list(string)
    volumes     = map(string)
    read_only   = list(string)
    tmpfs       = map(object({ size_mib = number, exec = bool }))
    ports       = map(number)
    publish     = map(number)
    memory_mib  = number
    pids        = number
    healthcheck = object({
      test           = list(string)
      interval_s     = number
      timeout_s      = number
      retries        = number
      start_period_s = number
    })
    stop_grace_s = number
    in_sync      = list(string)
    leads        = list(string)

    cluster_secret = string
  }))
}

variable "images" {
  description = "Short name of an image → tag, e.g. {kafka = \"riada/kafka:1f0c9a31c2d0\"}."
  type        = map(string)
}

variable "secrets_dir" {
  description = "Absolute path of the folder with one file per secret."
  type        = string

  validation {
    condition     = startswith(var.secrets_dir, "/")
    error_message = "secrets_dir must be an absolute path, since containers mount its files, not \"${var.secrets_dir}\"."
  }
}

# Invariant 6.
variable "publish_address" {
  description = "Address of the machine to which published ports bind."
  type        = string
  default     = "127.0.0.1"
}

variable "network" {
  description = "\"host\": services listen on the machine's own addresses; null: a network of the project's name."
  type        = string
  default     = null

  validation {
    condition     = var.network == null || var.network == "host"
    error_message = "network must be null or \"host\", not \"${coalesce(var.network, "null")}\"."
  }
}

variable "log" {
  description = "Log driver of the containers, e.g. {driver = \"awslogs\", options = {awslogs-group = \"riada\"}}."
  type        = object({ driver = string, options = map(string) })
  default     = { driver = "json-file", options = { max-size = "10m", max-file = "3" } }
}

locals {
  labels = { "riada.project" = var.project }

  # Durations as Go prints them ("2m0s"), since the provider compares text.
  healthchecks = {
    for name, service in var.services : name => merge(
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
    for name, service in var.services : name => {
      name     = "${var.project}-${name}"
      hostname = name
      image    = lookup(var.images, service.image, "riada/${service.image}:missing")
      command  = service.command
      environment = tomap({
        for key, value in service.environment : key => value == null ? null : replace(value, "{project}", var.project)
      })

      # The provider does not change the container when its health check or its folders in memory change, and
      # cannot limit processes. A changed label replaces it.
      labels = merge(local.labels, {
        "riada.service"     = name
        "riada.healthcheck" = jsonencode(local.healthchecks[name])
        "riada.pids"        = tostring(service.pids)
        "riada.tmpfs"       = jsonencode(service.tmpfs)
        },
        length(service.in_sync) == 0 ? {} : { "riada.in-sync" = jsonencode(service.in_sync) },
        length(service.leads) == 0 ? {} : { "riada.leads" = jsonencode(service.leads) },
        service.cluster_secret == "" ? {} : { "riada.cluster-secret" = service.cluster_secret },
      )

      mounts = concat(
        [for volume, path in service.volumes : {
          type = "volume", source = "${var.project}-${volume}", target = path, read_only = contains(service.read_only, volume)
        }],
        [for secret in service.secrets : {
          type = "bind", source = "${var.secrets_dir}/${secret}", target = "/run/secrets/${secret}", read_only = true
        }],
      )

      # The root file system is read-only: what a service writes is in a volume, in these folders or in /dev/shm.
      read_only = true
      tmpfs = { for path, folder in service.tmpfs : path => join(",", [
        "rw", "nosuid", "nodev", folder.exec ? "exec" : "noexec", "size=${folder.size_mib}m", "mode=1777",
        "uid=10001", "gid=10001", # of all images; a folder of the image keeps its mode and would be root's
      ]) }

      ports = [for port, host_port in service.publish : {
        address = var.publish_address, host_port = host_port, container_port = service.ports[port]
      }]

      healthcheck   = local.healthchecks[name]
      memory_mib    = service.memory_mib
      pids          = service.pids
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
    for service in var.services : [for volume, _ in service.volumes : "${var.project}-${volume}"]
  ]))
}

output "network" {
  description = "Name of the network on which services find each other by name; \"host\": the machine's own network."
  value       = coalesce(var.network, var.project)
}

output "labels" {
  description = "Labels of everything that belongs to this installation."
  value       = local.labels
}
