# What nodes need of AWS, without a way to the internet.

locals {
  endpoints = {
    ssmmessages    = "shells and port forwards"
    ssm            = "the agent's registration"
    secretsmanager = "secrets at boot"
    logs           = "logs of nodes and containers"
    monitoring     = "metrics of nodes"
  }
}

resource "aws_vpc_endpoint" "interface" {
  for_each = local.endpoints

  vpc_id              = aws_vpc.this.id
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  subnet_ids          = [for subnet in aws_subnet.private : subnet.id]
  security_group_ids  = [aws_security_group.endpoints.id]
  private_dns_enabled = true
  policy              = data.aws_iam_policy_document.this_account.json
  tags                = { Name = "${var.project}-${each.key}" }
}

# Stolen credentials of another account are of no use through these endpoints.
data "aws_iam_policy_document" "this_account" {
  statement {
    actions   = ["*"]
    resources = ["*"]

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

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  vpc_endpoint_type = "Gateway"
  service_name      = "com.amazonaws.${var.region}.s3"
  route_table_ids   = [aws_route_table.private.id]
  policy            = data.aws_iam_policy_document.artifacts_only.json
  tags              = { Name = "${var.project}-s3" }
}

# Through the gateway only this bucket can be reached, whatever a role may do.
data "aws_iam_policy_document" "artifacts_only" {
  statement {
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"]
    resources = [aws_s3_bucket.artifacts.arn, "${aws_s3_bucket.artifacts.arn}/*"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}
