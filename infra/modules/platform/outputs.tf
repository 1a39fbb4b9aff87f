output "services" {
  description = "Service name → record (shape: modules/record)."
  value       = module.record.services

  precondition {
    condition     = length(setsubtract(keys(var.memory_mib), values(local.kind))) == 0
    error_message = "memory_mib names what does not exist: ${join(", ", setsubtract(keys(var.memory_mib), values(local.kind)))}. Kinds: ${join(", ", distinct(values(local.kind)))}."
  }

  precondition {
    condition     = length(setsubtract(keys(var.heap_mib), local.heaps)) == 0
    error_message = "heap_mib names what has no heap: ${join(", ", setsubtract(keys(var.heap_mib), local.heaps))}. Those that have: ${join(", ", local.heaps)}."
  }

  precondition {
    condition     = length(setsubtract(keys(var.publish), keys(module.ports.published))) == 0
    error_message = "publish names what offers no port: ${join(", ", setsubtract(keys(var.publish), keys(module.ports.published)))}. Kinds that do: ${join(", ", keys(module.ports.published))}."
  }

  precondition {
    condition     = alltrue([for name, ports in local.reached : alltrue([for port in ports : port != null])])
    error_message = "reaches names a port that modules/ports has not: ${join(", ", [for name, ports in local.reached : name if !alltrue([for port in ports : port != null])])}."
  }

  precondition {
    condition     = alltrue([for name, ports in local.awaited : length(setsubtract(ports, local.reached[name])) == 0])
    error_message = "A service waits for what its `reaches` leaves out: ${join(", ", [for name, ports in local.awaited : name if length(setsubtract(ports, local.reached[name])) > 0])}."
  }
}

output "secrets" {
  description = "Secret → the services that read it. Each is 32 random bytes in base64 for URLs."
  value = {
    for pair in flatten([
      for name, record in module.record.services : [for secret in record.secrets : { secret = secret, service = name }]
    ]) : pair.secret => pair.service...
  }
}
