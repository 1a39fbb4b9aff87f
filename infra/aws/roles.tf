# An IAM role for each role of node. It can read its compose files, images and secrets, and the releases if its
# services use them, write logs and metrics, and take its turn in a rolling change. Two roles also write to a folder of
# the bucket.

locals {
  of_role = { for role in local.roles : role => {
    images  = distinct(flatten([for node in local.nodes : node.images if node.role == role]))
    secrets = distinct(flatten([for node in local.nodes : node.secrets if node.role == role]))
    volumes = distinct(flatten([for node in local.nodes : node.volumes if node.role == role]))
  } }

  # role → the folder of the bucket in which it reads, writes and deletes
  folders = { spark-worker = "checkpoints", postgres = "backups" }

  # The status that the driver reports, for the Control Center.
  status = "${local.bucket}/releases/streaming-status.json"

  # node/steps/lease.py: the node whose turn it is.
  lease = "${local.bucket}/roll/lease"

  bucket = aws_s3_bucket.artifacts.arn
  assume = { for service in ["ec2", "vpc-flow-logs"] : service => jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "${service}.amazonaws.com" }
    }]
  }) }
}

data "aws_iam_policy_document" "role" {
  # checkov:skip=CKV_AWS_111: metrics and sessions have no resources; metrics are limited to a namespace
  # checkov:skip=CKV_AWS_356: as above
  for_each = local.of_role

  statement {
    sid     = "Artifacts"
    actions = ["s3:GetObject"]
    resources = concat(
      ["${local.bucket}/packages/*", "${local.bucket}/program/*", "${local.bucket}/nodes/${each.key}/*"],
      [for image in each.value.images : "${local.bucket}/images/riada-${image}-*"],
      [for volume in each.value.volumes : "${local.bucket}/releases/*" if volume == "artifacts"],
    )
  }

  statement {
    sid       = "Lease"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    resources = [local.lease]
  }

  dynamic "statement" {
    for_each = each.key == "spark-worker" ? ["Status"] : []
    content {
      sid       = statement.value
      actions   = ["s3:PutObject"]
      resources = [local.status]
    }
  }

  dynamic "statement" {
    for_each = contains(keys(local.folders), each.key) ? ["Folder"] : []
    content {
      sid       = statement.value
      actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
      resources = ["${local.bucket}/${local.folders[each.key]}/*"]
    }
  }

  # IfExists: S3 answers 404 for a missing object only if the role may list, and that check has no prefix.
  dynamic "statement" {
    for_each = contains(keys(local.folders), each.key) ? ["FolderNames"] : []
    content {
      sid       = statement.value
      actions   = ["s3:ListBucket"]
      resources = [local.bucket]

      condition {
        test     = "StringLikeIfExists"
        variable = "s3:prefix"
        values   = [local.folders[each.key], "${local.folders[each.key]}/*"]
      }
    }
  }

  dynamic "statement" {
    for_each = length(each.value.secrets) > 0 ? ["Secrets"] : []
    content {
      sid       = statement.value
      actions   = local.endpoints.secretsmanager
      resources = [for secret in each.value.secrets : local.secret_arns[secret]]
    }
  }

  statement {
    sid       = "Decrypt"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"] # both for what it writes
    resources = [aws_kms_key.this.arn]
  }

  statement {
    sid       = "Logs"
    actions   = local.endpoints.logs
    resources = [for group in ["nodes", "containers"] : "${aws_cloudwatch_log_group.this[group].arn}:*"]
  }

  statement {
    sid       = "Metrics"
    actions   = local.endpoints.monitoring
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "cloudwatch:namespace"
      values   = [local.metrics]
    }
  }

  # The agent: shells and port forwards need these actions of AmazonSSMManagedInstanceCore, not the others.
  statement {
    sid       = "Sessions"
    actions   = concat(local.endpoints.ssm, local.endpoints.ssmmessages)
    resources = ["*"]
  }
}

resource "aws_iam_role" "role" {
  for_each = local.roles

  name               = "${var.project}-${each.key}"
  description        = "Nodes of role ${each.key}"
  assume_role_policy = local.assume.ec2
}

resource "aws_iam_role_policy" "role" {
  for_each = local.roles

  name   = "node"
  role   = aws_iam_role.role[each.key].id
  policy = data.aws_iam_policy_document.role[each.key].json
}

resource "aws_iam_instance_profile" "role" {
  for_each = local.roles

  name = "${var.project}-${each.key}"
  role = aws_iam_role.role[each.key].name
}

resource "aws_iam_role" "flows" {
  name               = "${var.project}-flows"
  description        = "Writes the VPC's flow log"
  assume_role_policy = local.assume["vpc-flow-logs"]
}

data "aws_iam_policy_document" "flows" {
  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
    resources = ["${aws_cloudwatch_log_group.this["flows"].arn}:*"]
  }
}

resource "aws_iam_role_policy" "flows" {
  name   = "flows"
  role   = aws_iam_role.flows.id
  policy = data.aws_iam_policy_document.flows.json
}
