# Artifacts: nodes/ (compose files, by role), program/, images/, packages/, releases/, checkpoints/, backups/, roll/.

resource "aws_s3_bucket" "artifacts" {
  # checkov:skip=CKV_AWS_18: only nodes and operators of this account reach it; CloudTrail records access
  # checkov:skip=CKV_AWS_144: a second region is not implemented (docs/aws.md)
  # checkov:skip=CKV2_AWS_62: nodes poll; no program waits for an event
  bucket        = "${var.project}-artifacts-${data.aws_caller_identity.this.account_id}-${var.region}"
  force_destroy = var.disposable
}

resource "aws_s3_bucket_versioning" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.this.arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "artifacts" {
  bucket                  = aws_s3_bucket.artifacts.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id

  rule {
    id     = "old-versions"
    status = "Enabled"
    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 2
    }
  }

  # The streaming job writes and deletes several files a second here. Their old versions are not
  # needed.
  rule {
    id     = "checkpoints"
    status = "Enabled"

    filter {
      prefix = "checkpoints/"
    }

    noncurrent_version_expiration {
      noncurrent_days = 1
    }

    expiration {
      expired_object_delete_marker = true
    }
  }
}

resource "aws_s3_bucket_policy" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id
  policy = data.aws_iam_policy_document.tls_only.json

  depends_on = [aws_s3_bucket_public_access_block.artifacts]
}

data "aws_iam_policy_document" "tls_only" {
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.artifacts.arn, "${aws_s3_bucket.artifacts.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

locals {
  compose_key = { for name, node in local.nodes : name => "nodes/${node.role}/${name}.json" }
}

resource "aws_s3_object" "compose" {
  for_each = local.nodes

  bucket  = aws_s3_bucket.artifacts.id
  key     = local.compose_key[each.key]
  content = module.compose[each.key].text

  depends_on = [aws_s3_bucket_versioning.artifacts, aws_s3_bucket_server_side_encryption_configuration.artifacts]
}

resource "aws_s3_object" "program" {
  bucket  = aws_s3_bucket.artifacts.bucket
  key     = module.node_program.key
  content = module.node_program.content

  # The former version goes after no node can be told to fetch it.
  lifecycle {
    create_before_destroy = true
  }

  depends_on = [aws_s3_bucket_versioning.artifacts, aws_s3_bucket_server_side_encryption_configuration.artifacts]
}

resource "aws_s3_object" "current_program" {
  bucket  = aws_s3_bucket.artifacts.bucket
  key     = module.node_program.current_key
  content = module.node_program.current

  depends_on = [aws_s3_object.program]
}
