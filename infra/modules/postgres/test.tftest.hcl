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
