run "refuses_size_without_unit" {
  command = plan
  variables { max_slot_wal_keep_size = "4096" }
  expect_failures = [var.max_slot_wal_keep_size]
}

run "keeps_wal_within_bounds" {
  command = plan

  assert {
    condition     = output.services.postgres.environment.MAX_SLOT_WAL_KEEP == "4GB"
    error_message = "a stopped connector could fill the disk"
  }
}

run "backs_up_to_a_volume" {
  command = plan

  assert {
    condition     = output.services.postgres.volumes.backups == "/var/lib/pgbackrest" && output.services.postgres.environment.BACKUP_RETENTION_DAYS == "14"
    error_message = "backups: ${jsonencode(output.services.postgres)}"
  }
}

run "backs_up_to_a_bucket" {
  command = plan
  variables {
    backup_bucket         = { name = "riada-artifacts", region = "eu-central-1" }
    backup_retention_days = 30
  }

  assert {
    condition     = output.services.postgres.environment.BACKUP_BUCKET == "riada-artifacts" && output.services.postgres.environment.BACKUP_REGION == "eu-central-1"
    error_message = "bucket: ${jsonencode(output.services.postgres.environment)}"
  }

  assert {
    condition     = contains(keys(output.services.postgres.environment), "AWS_ENDPOINT_URL") && output.services.postgres.environment.AWS_ENDPOINT_URL == null
    error_message = "the value of AWS_ENDPOINT_URL is the machine's"
  }

  assert {
    condition     = !contains(keys(output.services.postgres.volumes), "backups")
    error_message = "backups beside the data are lost with its disk"
  }
}

run "refuses_retention_below_a_full_backup" {
  command = plan
  variables { backup_retention_days = 3 }
  expect_failures = [var.backup_retention_days]
}
