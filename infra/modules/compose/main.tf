# Containers of one machine → the text of its compose file. The text is JSON, which is YAML, without
# `version`: docker-compose 1.29 and compose v2 both accept it.

terraform {
  required_version = ">= 1.9"
}

variable "machine" {
  description = "Outputs of modules/containers."
  type = object({
    network = string
    labels  = map(string)
    volumes = set(string)
    containers = map(object({
      name        = string
      hostname    = string
      image       = string
      command     = list(string)
      environment = map(string)
      labels      = map(string)
      mounts      = list(object({ type = string, source = string, target = string, read_only = bool }))
      read_only   = bool
      tmpfs       = map(string)
      ports       = list(object({ address = string, host_port = number, container_port = number }))
      healthcheck = object({
        test         = list(string)
        interval     = string
        timeout      = string
        retries      = number
        start_period = string
      })
      memory_mib    = number
      pids          = number
      stop_grace_s  = number
      restart       = string
      cap_drop      = list(string)
      security_opts = list(string)
      log_driver    = string
      log_opts      = map(string)
    }))
  })
}

output "text" {
  description = "The compose file."
  value       = "${jsonencode(local.file)}\n"
}

locals {
  # An empty command is left out: docker-compose 1.29 refuses null, and an empty list would replace
  # the image's own command.
  command = {
    for name, container in var.machine.containers : name => length(container.command) == 0 ? {} : {
      command = [for word in container.command : replace(word, "$", "$$")]
    }
  }

  on_host = var.machine.network == "host"

  network = {
    for name, container in var.machine.containers : name => merge(
      local.on_host ? { network_mode = "host" } : {},
      local.on_host ? {} : { networks = { default = { aliases = [container.hostname] } } },
    )
  }

  file = {
    services = {
      for name, container in var.machine.containers : name => merge(local.command[name], local.network[name], {
        container_name = container.name
        hostname       = container.hostname
        image          = container.image
        environment    = { for key, value in container.environment : key => value == null ? null : replace(value, "$", "$$") }
        labels         = container.labels

        volumes   = container.mounts
        read_only = container.read_only
        tmpfs     = [for path, options in container.tmpfs : "${path}:${options}"]
        ports     = [for port in container.ports : "${port.address}:${port.host_port}:${port.container_port}"]

        healthcheck = {
          test         = [for word in container.healthcheck.test : replace(word, "$", "$$")]
          interval     = container.healthcheck.interval
          timeout      = container.healthcheck.timeout
          retries      = container.healthcheck.retries
          start_period = container.healthcheck.start_period
        }

        # The limit is in bytes, because docker-compose 1.29 reads a number without a unit as bytes.
        mem_limit         = container.memory_mib * 1024 * 1024
        memswap_limit     = container.memory_mib * 1024 * 1024
        pids_limit        = container.pids
        stop_grace_period = "${container.stop_grace_s}s"
        restart           = container.restart
        cap_drop          = container.cap_drop
        security_opt      = container.security_opts
        logging           = { driver = container.log_driver, options = container.log_opts }
      })
    }

    networks = local.on_host ? {} : { default = { name = var.machine.network, labels = var.machine.labels } }
    volumes  = { for name in var.machine.volumes : name => { name = name, labels = var.machine.labels } }
  }
}
