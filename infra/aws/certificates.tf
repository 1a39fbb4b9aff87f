# The private CA and the services' certificates (infra/certificates.sh). Invariant 5: the script below reads and writes
# Secrets Manager, so that no key is in the state or a plan. Only who applies reads the CA's key: no role of a node may.

locals {
  certificate_files = setunion(keys(module.platform.certificate_files), ["ca-key"])
  secret_arns       = { for name, secret in merge(aws_secretsmanager_secret.this, aws_secretsmanager_secret.certificate) : name => secret.arn }
}

resource "aws_secretsmanager_secret" "certificate" {
  # checkov:skip=CKV2_AWS_57: an apply renews certificates, and nodes read the new ones
  for_each = local.certificate_files

  name                    = "${var.project}/${each.key}"
  description             = "Read by ${join(", ", distinct([for service in try(module.platform.certificate_files[each.key], ["who applies"]) : replace(service, "/-[0-9]+$/", "")]))}"
  kms_key_id              = aws_kms_key.this.arn
  recovery_window_in_days = var.disposable ? 0 : 30
}

# The first apply of a month renews the certificates that expire within 30 days.
resource "terraform_data" "certificates" {
  triggers_replace = {
    names   = join(" ", [for service, names in module.platform.certificates : "${service}=${join(",", names)}"])
    secrets = join(" ", [for secret in aws_secretsmanager_secret.certificate : secret.arn])
    month   = formatdate("YYYY-MM", plantimestamp())
  }

  provisioner "local-exec" {
    command     = "infra/aws/certificates.sh ${self.triggers_replace.names}"
    working_dir = local.repository
    environment = { PROJECT = var.project, AWS_DEFAULT_REGION = var.region }
  }
}
