# Builds the images that are missing; the tags tell which (modules/images).
resource "terraform_data" "images" {
  triggers_replace = distinct([for container in module.machine.containers : container.image])

  provisioner "local-exec" {
    command     = "docker/build.sh"
    working_dir = local.repository
  }
}
