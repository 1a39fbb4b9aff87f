module "compose" {
  source  = "../modules/compose"
  machine = module.machine
}

output "compose" {
  description = "The compose file."
  value       = module.compose.text
}
