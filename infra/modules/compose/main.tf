# Containers of one machine → the text of its compose file: JSON, which is YAML, without `version`,
# so that docker-compose 1.29 and compose v2 both take it.

terraform {
  required_version = ">= 1.9"
}

variable "machine" {
  description = "Outputs of modules/containers."
  type        = any
}

output "text" {
  description = "The compose file."
  value       = "${jsonencode(local.file)}\n"
}

locals {
  # docker-compose 1.29 refuses a null, and an empty list would hide the image's own command.
  command = {
    for name, container in var.machine.containers : name => {
      for key, words in { command = container.command } : key => [for word in words : replace(word, "$", "$$")]
      if length(words) > 0
    }
  }

  on_host = var.machine.network == "host"

  network = {
    for name, container in var.machine.containers : name => merge(
      { for key in ["network_mode"] : key => "host" if local.on_host },
      { for key in ["networks"] : key => { default = { aliases = [container.hostname] } } if !local.on_host },
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

        volumes = container.mounts
        ports   = [for port in container.ports : "${port.address}:${port.host_port}:${port.container_port}"]

        healthcheck = {
          test         = [for word in container.healthcheck.test : replace(word, "$", "$$")]
          interval     = container.healthcheck.interval
          timeout      = container.healthcheck.timeout
          retries      = container.healthcheck.retries
          start_period = container.healthcheck.start_period
        }

        # As bytes: docker-compose 1.29 reads no number without unit but bytes.
        mem_limit         = container.memory_mib * 1024 * 1024
        memswap_limit     = container.memory_mib * 1024 * 1024
        stop_grace_period = "${container.stop_grace_s}s"
        restart           = container.restart
        cap_drop          = container.cap_drop
        security_opt      = container.security_opts
        logging           = { driver = container.log_driver, options = container.log_opts }
      })
    }

    networks = { for key in ["default"] : key => { name = var.machine.network, labels = var.machine.labels } if !local.on_host }
    volumes  = { for name in var.machine.volumes : name => { name = name, labels = var.machine.labels } }
  }
}
