variables {
  postgres_host = "postgres"
}

run "refuses_two_brokers" {
  command = plan
  variables { brokers = 2 }
  expect_failures = [var.brokers]
}

run "refuses_four_zookeepers" {
  command = plan
  variables { zookeepers = 4 }
  expect_failures = [var.zookeepers]
}

run "refuses_no_partition" {
  command = plan
  variables { topic_partitions = 0 }
  expect_failures = [var.topic_partitions]
}

run "refuses_no_space_for_topics" {
  command = plan
  variables { kafka_table_gib = 0 }
  expect_failures = [var.kafka_table_gib]
}

run "refuses_heap_beyond_memory" {
  command = plan
  variables { heap_mib = { kafka = 1024 } }
  expect_failures = [var.heap_mib]
}

run "accepts_five_zookeepers" {
  command = plan
  variables { zookeepers = 5 }

  assert {
    condition     = output.services["zookeeper-5"].environment.ZOOKEEPER_SERVERS == "zookeeper-1 zookeeper-2 zookeeper-3 zookeeper-4 zookeeper-5"
    error_message = "a member has ${output.services["zookeeper-5"].environment.ZOOKEEPER_SERVERS}"
  }

  assert {
    condition     = output.services["zookeeper-5"].environment.ZOOKEEPER_ID == 5
    error_message = "a member's id is its number"
  }
}

run "advertises_no_address_twice" {
  command = plan
  variables { brokers = 3 }

  assert {
    condition = alltrue([
      for n in range(1, 4) : !contains(keys(output.services["kafka-${n}"].environment), "EXTERNAL_PORT") && !contains(keys(output.services["kafka-${n}"].ports), "external")
    ])
    error_message = "brokers without published ports must not advertise localhost"
  }
}
