# Secrets are files that only infra/secrets.sh sees: no value reaches the state or a plan.
resource "terraform_data" "secrets_dir" {
  triggers_replace = { script = "${local.repository}/infra/secrets.sh", dir = local.secrets_dir }

  provisioner "local-exec" {
    when        = destroy
    command     = "\"$SCRIPT\" remove \"$DIR\""
    environment = { SCRIPT = self.triggers_replace.script, DIR = self.triggers_replace.dir }
  }
}

# Apart from the folder: a further name makes its file and leaves the others as they are.
resource "terraform_data" "secrets" {
  triggers_replace = { dir = terraform_data.secrets_dir.id, names = join(" ", keys(module.platform.secrets)) }

  provisioner "local-exec" {
    command     = "infra/secrets.sh make \"$DIR\" ${self.triggers_replace.names}"
    working_dir = local.repository
    environment = { DIR = local.secrets_dir }
  }
}
