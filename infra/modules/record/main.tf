# The type of a service record, its defaults and its checks. A record is all that a runner (docker
# provider, compose) knows about a service. It does not say where the service runs.
#
# Terraform cannot name a type. So this is the only complete definition; every later module names, with
# types, the attributes that it reads.

terraform {
  required_version = ">= 1.9"
}

variable "services" {
  description = "Service name → record. The name is also the host name of the service."
  type = map(object({
    image       = string                          # short name: a folder of docker/, e.g. "kafka"
    command     = optional(list(string), [])      # arguments of the image's entrypoint
    environment = optional(map(string), {})       # without secrets; null: the machine's own value; {project}: its name
    secrets     = optional(list(string), [])      # names of files under /run/secrets
    certificate = optional(bool, false)           # it serves TLS with its own certificate
    volumes     = optional(map(string), {})       # volume → path in the container; one name is one volume
    read_only   = optional(list(string), [])      # volumes that it mounts read-only
    ports       = optional(map(number), {})       # name → port it listens on
    publish     = optional(map(number), {})       # name → port of the machine's loopback
    wait_for    = optional(list(string), [])      # host:port that must answer before it starts
    connects_to = optional(map(list(string)), {}) # kind → names of its ports to which it connects
    memory_mib  = number                          # limit; swap is off
    pids        = optional(number, 512)           # limit of processes and threads
    tmpfs = optional(map(object({                 # path in the container → a folder in memory, beside /tmp
      size_mib = optional(number, 64)             # of its memory_mib, while files fill it
      exec     = optional(bool, false)            # programs and libraries there may run
    })), {})
    healthcheck = optional(object({
      test           = optional(list(string), ["CMD", "healthcheck"])
      interval_s     = optional(number, 10)
      timeout_s      = optional(number, 10)
      retries        = optional(number, 3)
      start_period_s = optional(number, 120)
    }), {})
    stop_grace_s = optional(number, 20)
    in_sync      = optional(list(string), []) # ends with 0 in its container once all replicas of its cluster are in sync
    leads        = optional(list(string), []) # ends with 0 in its container while it does what one of its kind does for all

    # By this secret it and those that wait for it authenticate each other: with different ones they cannot talk.
    cluster_secret = optional(string, "")
  }))

  validation {
    condition     = alltrue([for name, _ in var.services : can(regex("^[a-z][a-z0-9-]{0,40}$", name))])
    error_message = "A service's name is a host name: lower-case letters, digits and '-'."
  }

  validation {
    condition = alltrue(flatten([
      for service in var.services : [for name, _ in service.publish : contains(keys(service.ports), name)]
    ]))
    error_message = "`publish` can only name ports of `ports`."
  }

  validation {
    condition = alltrue(flatten([
      for service in var.services : [for volume in service.read_only : contains(keys(service.volumes), volume)]
    ]))
    error_message = "`read_only` can only name volumes of `volumes`."
  }

  validation {
    condition = length(flatten([for service in var.services : values(service.publish)])) == length(
      distinct(flatten([for service in var.services : values(service.publish)]))
    )
    error_message = format("Two services publish the same host port: %s. Give one of them another in `publish`.", join(", ", [
      for port, names in {
        for pair in flatten([
          for name, service in var.services : [for port in values(service.publish) : { name = name, port = port }]
        ]) : pair.port => pair.name...
      } : "${port} (${join(", ", names)})" if length(names) > 1
    ]))
  }
}

locals {
  # Kinds that serve TLS: whoever connects to one needs the CA.
  encrypted = distinct([for name, service in var.services : replace(name, "/-[0-9]+$/", "") if service.certificate])
}

output "services" {
  description = "The same records with every attribute; `wait_for` is also the environment variable WAIT_FOR, `tmpfs` has /tmp, and `secrets` the files of TLS (infra/certificates.sh)."
  value = {
    for name, service in var.services : name => merge(service, {
      tmpfs = merge({ "/tmp" = { size_mib = 64, exec = false } }, service.tmpfs)
      secrets = concat(
        service.secrets,
        service.certificate ? ["tls-${name}"] : [],
        service.certificate || length(setintersection(keys(service.connects_to), local.encrypted)) > 0 ? ["ca"] : [],
      )
      environment = merge(service.environment, length(service.wait_for) == 0 ? {} : {
        WAIT_FOR = join(" ", service.wait_for)
      })
    })
  }
}
