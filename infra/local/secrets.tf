# Only infra/secrets.sh and infra/certificates.sh read and write the secrets' files: no value is in the state or a plan.
resource "terraform_data" "secrets_dir" {
  triggers_replace = { script = "${local.repository}/infra/secrets.sh", dir = local.secrets_dir }

  provisioner "local-exec" {
    when        = destroy
    command     = "\"$SCRIPT\" remove \"$DIR\""
    environment = { SCRIPT = self.triggers_replace.script, DIR = self.triggers_replace.dir }
  }
}

# The files are separate from the folder, so a new name adds its file and changes no other file.
resource "terraform_data" "secrets" {
  triggers_replace = { dir = terraform_data.secrets_dir.id, names = join(" ", keys(module.platform.secrets)) }

  provisioner "local-exec" {
    command     = "infra/secrets.sh make \"$DIR\" ${self.triggers_replace.names}"
    working_dir = local.repository
    environment = { DIR = local.secrets_dir }
  }
}

# `make up` renews certificates that expire soon; a change of the names makes new ones.
resource "terraform_data" "certificates" {
  triggers_replace = {
    dir   = terraform_data.secrets_dir.id
    names = join(" ", [for service, names in module.platform.certificates : "${service}=${join(",", names)}"])
  }

  provisioner "local-exec" {
    command     = "infra/certificates.sh make \"$DIR\" ${self.triggers_replace.names}"
    working_dir = local.repository
    environment = { DIR = local.secrets_dir }
  }
}
