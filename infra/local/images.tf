# Builds the missing images. Their tags come from modules/images.
resource "terraform_data" "images" {
  triggers_replace = distinct([for container in module.machine.containers : container.image])

  provisioner "local-exec" {
    command     = "docker/build.sh"
    working_dir = local.repository
  }
}
