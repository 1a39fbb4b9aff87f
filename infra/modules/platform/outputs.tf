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
}

output "secrets" {
  description = "Secret → the services that read it. Each is 32 random bytes in base64 for URLs."
  value = {
    for pair in flatten([
      for name, record in module.record.services : [for secret in record.secrets : { secret = secret, service = name }]
    ]) : pair.secret => pair.service...
  }
}
