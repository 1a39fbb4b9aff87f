variable "wait_limit_s" {
  description = "Seconds that apply waits until every container is healthy; null: the default of infra/wait-healthy.sh."
  type        = number
  default     = null
}

# Apply ends when all services are healthy. It waits again after a container was replaced.
resource "terraform_data" "healthy" {
  triggers_replace = { for name, container in docker_container.service : name => container.id }

  provisioner "local-exec" {
    command     = "infra/wait-healthy.sh ${var.project} ${join(" ", keys(module.machine.containers))}"
    working_dir = local.repository
    environment = var.wait_limit_s == null ? {} : { LIMIT_S = var.wait_limit_s }
  }
}
