# Needs an account, such as LocalStack: Terraform 1.11 cannot mock ephemeral resources. tests/aws runs it.

variables {
  machine_image = "ami-0abc"
  project       = "unit" # another one may be in the account, with more nodes
}

run "minimal" {
  command = plan

  assert {
    condition     = length(aws_instance.node) == 9 && length(aws_ebs_volume.data) == 7
    error_message = "nodes: ${join(", ", keys(aws_instance.node))}; volumes: ${join(", ", keys(aws_ebs_volume.data))}"
  }

  assert {
    condition     = alltrue([for volume in aws_ebs_volume.data : volume.encrypted && volume.final_snapshot])
    error_message = "a data volume is encrypted, and leaves a snapshot when it is removed"
  }

  assert {
    condition     = strcontains(aws_s3_object.compose["postgres"].content, "\"BACKUP_BUCKET\":\"${aws_s3_bucket.artifacts.bucket}\"")
    error_message = "backups of PostgreSQL are in the bucket, so that they survive its disk"
  }

  assert {
    condition     = length(distinct(values(local.folders))) == length(local.folders) && local.folders.postgres == "backups"
    error_message = "no role reaches the backups or the checkpoints of another: ${jsonencode(local.folders)}"
  }

  assert {
    condition     = strcontains(aws_s3_object.compose["spark-worker-1"].content, "s3a://${aws_s3_bucket.artifacts.bucket}/checkpoints")
    error_message = "the checkpoint is in the bucket, so that a driver can start on any worker"
  }
}

run "full" {
  command = plan
  variables {
    sizes    = { brokers = 3, zookeepers = 3, workers = 3, cassandra_nodes = 3 }
    zones    = ["b", "c", "d"]
    restore  = { postgres = "snap-0abc" }
    data_gib = { kafka = 200 }
  }

  assert {
    condition     = aws_ebs_volume.data["kafka-3"].availability_zone == "eu-central-1d" && aws_ebs_volume.data["kafka-3"].size == 200
    error_message = "kafka-3's volume: ${aws_ebs_volume.data["kafka-3"].availability_zone}"
  }

  assert {
    condition     = aws_ebs_volume.data["postgres"].snapshot_id == "snap-0abc"
    error_message = "restore does not reach the volume"
  }
}

run "databases" {
  command = plan
  variables { databases = { shop = "shop.rds.example:5432", crm = "crm.rds.example:5433", hr = "hr.rds.example:5432" } }

  assert {
    condition = toset([for rule in aws_vpc_security_group_egress_rule.databases : rule.description]) == toset([
      "connect to other PostgreSQL servers", "control-center to other PostgreSQL servers",
      ]) && toset(keys(aws_vpc_security_group_egress_rule.databases)) == toset([
      "connect-5432", "connect-5433", "control-center-5432", "control-center-5433",
    ])
    error_message = "rules: ${join(", ", keys(aws_vpc_security_group_egress_rule.databases))}"
  }

  assert {
    condition     = aws_secretsmanager_secret.this["database-shop"].name == "unit/database-shop"
    error_message = "the password of shop is in ${aws_secretsmanager_secret.this["database-shop"].name}"
  }

  assert {
    condition     = strcontains(aws_s3_object.compose["connect"].content, "crm=crm.rds.example:5433,hr=hr.rds.example:5432,shop=shop.rds.example:5432")
    error_message = "the addresses do not reach connect"
  }
}

run "refuses_unknown_size" {
  command = plan
  variables { sizes = { broker = 3 } }
  expect_failures = [var.sizes]
}

run "refuses_two_zones" {
  command = plan
  variables { zones = ["a", "b"] }
  expect_failures = [var.zones]
}

run "refuses_too_few_addresses" {
  command = plan
  variables { cidr = "10.0.0.0/26" }
  expect_failures = [var.cidr]
}
