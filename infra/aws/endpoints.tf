# AWS services that nodes call, without a route to the internet.

locals {
  # service → actions that nodes may call; modules/costs counts the services
  endpoints = {
    secretsmanager = ["secretsmanager:GetSecretValue"]
    logs           = ["logs:CreateLogStream", "logs:PutLogEvents"]
    monitoring     = ["cloudwatch:PutMetricData"]
    ssm            = ["ssm:UpdateInstanceInformation"]
    ssmmessages = [
      "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
    ]
  }

  # The gateway leads only to this bucket, independent of the permissions of a role.
  allowed = merge(
    { for service, actions in local.endpoints : service => { actions = actions, resources = ["*"] } },
    { s3 = {
      actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"]
      resources = [aws_s3_bucket.artifacts.arn, "${aws_s3_bucket.artifacts.arn}/*"]
    } },
  )
}

resource "aws_vpc_endpoint" "interface" {
  for_each = local.endpoints

  vpc_id              = aws_vpc.this.id
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  subnet_ids          = [for subnet in aws_subnet.private : subnet.id]
  security_group_ids  = [aws_security_group.this["endpoints"].id]
  private_dns_enabled = true
  policy              = data.aws_iam_policy_document.endpoint[each.key].json
  tags                = { Name = "${var.project}-${each.key}" }
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  vpc_endpoint_type = "Gateway"
  service_name      = "com.amazonaws.${var.region}.s3"
  route_table_ids   = [aws_route_table.private.id]
  policy            = data.aws_iam_policy_document.endpoint["s3"].json
  tags              = { Name = "${var.project}-s3" }
}

# Endpoints refuse credentials of other accounts.
data "aws_iam_policy_document" "endpoint" {
  for_each = local.allowed

  statement {
    actions   = each.value.actions
    resources = each.value.resources

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalAccount"
      values   = [data.aws_caller_identity.this.account_id]
    }
  }
}
