# randomuser: a server of the randomuser.me API 1.4, for machines without internet.

terraform {
  required_version = ">= 1.9"
}

module "ports" {
  source = "../ports"
}

output "services" {
  description = "Service name → record."
  value = {
    randomuser = {
      image      = "randomuser"
      ports      = module.ports.ports.randomuser
      memory_mib = var.memory_mib.randomuser
    }
  }
}

output "url" {
  description = "E.g. \"http://randomuser:8000/api/\"."
  value       = "http://${lookup(var.hosts, "randomuser", "randomuser")}:${module.ports.ports.randomuser.http}/api/"
}
