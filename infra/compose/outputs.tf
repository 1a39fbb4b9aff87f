output "services" {
  description = "Names of the services."
  value       = keys(module.platform.services)
}

output "connections" {
  description = "Service → kinds of the services to which it connects."
  value       = { for name, service in module.platform.services : name => keys(service.connects_to) }
}

output "urls" {
  description = "Service → its address on this machine: a URL, or host:port."
  value = {
    for name, service in module.platform.services : name => join("", [
      contains(keys(service.publish), "http") || contains(keys(service.publish), "ui") ? "http://" : "",
      "127.0.0.1:${values(service.publish)[0]}",
    ]) if length(service.publish) > 0
  }
}

output "images" {
  description = "Image name → tag."
  value       = module.images.tags
}

output "secrets" {
  description = "Secret → the services that read it."
  value       = module.platform.secrets
}

output "certificates" {
  description = "Service → the names in its certificate."
  value       = module.platform.certificates
}

output "secrets_dir" {
  description = "Folder with one file per secret."
  value       = local.secrets_dir
}
