variable "wait_limit_s" {
  description = "Seconds that apply waits until every container is healthy; null: as infra/wait-healthy.sh has it."
  type        = number
  default     = null
}

# Apply ends when the platform answers; it asks again when a container was made anew.
resource "terraform_data" "healthy" {
  triggers_replace = { for name, container in docker_container.service : name => container.id }

  provisioner "local-exec" {
    command     = "infra/wait-healthy.sh ${var.project} ${join(" ", keys(module.machine.containers))}"
    working_dir = local.repository
    environment = var.wait_limit_s == null ? {} : { LIMIT_S = var.wait_limit_s }
  }
}
