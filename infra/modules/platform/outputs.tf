output "services" {
  description = "Service name → record (modules/record)."
  value       = module.record.services

  precondition {
    condition     = length(setsubtract(keys(var.memory_mib), values(local.kind))) == 0
    error_message = "memory_mib names unknown kinds: ${join(", ", setsubtract(keys(var.memory_mib), values(local.kind)))}. Kinds: ${join(", ", distinct(values(local.kind)))}."
  }

  precondition {
    condition     = length(setsubtract(keys(var.heap_mib), local.heaps)) == 0
    error_message = "heap_mib names kinds without a heap: ${join(", ", setsubtract(keys(var.heap_mib), local.heaps))}. Kinds with a heap: ${join(", ", local.heaps)}."
  }

  precondition {
    condition     = length(setsubtract(keys(var.publish), keys(module.ports.published))) == 0
    error_message = "publish names kinds without a port to publish: ${join(", ", setsubtract(keys(var.publish), keys(module.ports.published)))}. Kinds with one: ${join(", ", keys(module.ports.published))}."
  }

  precondition {
    condition     = alltrue([for name, ports in local.connected : alltrue([for port in ports : port != null])])
    error_message = "connects_to names a port that is not in modules/ports: ${join(", ", [for name, ports in local.connected : name if !alltrue([for port in ports : port != null])])}."
  }

  precondition {
    condition     = alltrue([for name, ports in local.awaited : length(setsubtract(ports, local.connected[name])) == 0])
    error_message = "`wait_for` names an address that `connects_to` does not: ${join(", ", [for name, ports in local.awaited : name if length(setsubtract(ports, local.connected[name])) > 0])}."
  }
}

output "secrets" {
  description = "Secret → the services that read it. Each is 32 random bytes in base64 for URLs."
  value       = { for secret, services in local.files : secret => services if !local.is_certificate[secret] }
}

output "certificates" {
  description = "Service → the names by which clients reach it, for infra/certificates.sh, e.g. {cassandra-1 = [\"cassandra\", \"cassandra-1\", \"localhost\"]}. A node of a cluster has the name of its kind, too."
  value = {
    for name, record in module.record.services :
    name => sort(distinct([local.kind[name], name, lookup(var.hosts, name, name), "localhost"]))
    if record.certificate
  }
}

output "certificate_files" {
  description = "File of infra/certificates.sh → the services that read it: the CA's certificate, and each service's key and certificate."
  value       = { for secret, services in local.files : secret => services if local.is_certificate[secret] }
}

locals {
  # file under /run/secrets → services
  files = {
    for pair in flatten([
      for name, record in module.record.services : [for secret in record.secrets : { secret = secret, service = name }]
    ]) : pair.secret => pair.service...
  }
  is_certificate = { for secret, _ in local.files : secret => secret == "ca" || startswith(secret, "tls-") }
}
