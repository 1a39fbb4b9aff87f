run "refuses_two_nodes" {
  command = plan
  variables { cassandra_nodes = 2 }
  expect_failures = [var.cassandra_nodes]
}

run "refuses_heap_that_leaves_nothing" {
  command = plan
  variables { heap_mib = { cassandra = 2048 } }
  expect_failures = [var.heap_mib]
}

run "joins_one_after_the_other" {
  command = plan
  variables { cassandra_nodes = 3 }

  assert {
    condition     = output.services["cassandra-3"].wait_for == tolist(["cassandra-2:9042"]) && length(output.services["cassandra-1"].wait_for) == 0
    error_message = "cassandra-3 waits for ${jsonencode(output.services["cassandra-3"].wait_for)}"
  }

  assert {
    condition     = output.services["cassandra-3"].environment.CASSANDRA_SEEDS == "cassandra-1,cassandra-2,cassandra-3"
    error_message = "seeds: ${output.services["cassandra-3"].environment.CASSANDRA_SEEDS}"
  }
}

run "knows_its_rack" {
  command = plan
  variables { racks = { cassandra-1 = "a" } }

  assert {
    condition     = output.services["cassandra-1"].environment.CASSANDRA_RACK == "a"
    error_message = "environment: ${jsonencode(output.services["cassandra-1"].environment)}"
  }
}
