# Invariant 5. Made by Secrets Manager and handed on as ephemeral values: they are in no state and no plan. 43 letters
# and digits and a "=" are base64 for URLs of 32 bytes, as infra/secrets.sh makes them.

ephemeral "aws_secretsmanager_random_password" "this" {
  for_each = module.platform.secrets

  password_length     = 43
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret" "this" {
  # checkov:skip=CKV2_AWS_57: services read a secret when they start; one changed meanwhile would lock them out
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
