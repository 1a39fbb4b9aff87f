# Invariant 5. Secrets Manager generates the secrets. They are ephemeral values, so neither state nor plan has
# them. 43 letters and digits and a "=" are 32 bytes in base64 for URLs, like the secrets of infra/secrets.sh.

ephemeral "aws_secretsmanager_random_password" "this" {
  for_each = module.platform.secrets

  password_length     = 43
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret" "this" {
  # checkov:skip=CKV2_AWS_57: services read a secret when they start; a rotated one would lock them out
  for_each = module.platform.secrets

  name                    = "${var.project}/${each.key}"
  description             = "Read by ${join(", ", distinct([for service in each.value : replace(service, "/-[0-9]+$/", "")]))}"
  kms_key_id              = aws_kms_key.this.arn
  recovery_window_in_days = var.disposable ? 0 : 30
}

resource "aws_secretsmanager_secret_version" "this" {
  for_each = aws_secretsmanager_secret.this

  secret_id                = each.value.id
  secret_string_wo         = "${ephemeral.aws_secretsmanager_random_password.this[each.key].random_password}="
  secret_string_wo_version = 1
}
