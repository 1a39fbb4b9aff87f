variables {
  kafka_bootstrap     = "kafka-1:9092"
  schema_registry_url = "http://schema-registry:8081"
  cassandra_hosts     = "cassandra-1"
  postgres_host       = "postgres"
}

run "refuses_no_worker" {
  command = plan
  variables { workers = 0 }
  expect_failures = [var.workers]
}

run "refuses_job_beyond_the_workers_memory" {
  command = plan
  variables { heap_mib = { spark-executor = 4096 } }
  expect_failures = [var.heap_mib]
}

run "refuses_master_heap_beyond_memory" {
  command = plan
  variables { heap_mib = { spark-master = 512 } }
  expect_failures = [var.heap_mib]
}

run "workers_share_checkpoint_and_artifacts" {
  command = plan
  variables { workers = 2 }

  assert {
    condition = alltrue([
      for volume in ["artifacts", "checkpoint"] :
      output.services["spark-worker-1"].volumes[volume] == output.services["spark-worker-2"].volumes[volume]
    ])
    error_message = "a driver that moves to the other worker would not find its checkpoint"
  }
}

run "checkpoint_needs_no_volume_on_s3" {
  command = plan
  variables { checkpoint = "s3a://demo-artifacts/checkpoints" }

  assert {
    condition     = !contains(keys(output.services["spark-worker-1"].volumes), "checkpoint") && output.services["spark-worker-1"].environment.CHECKPOINT == "s3a://demo-artifacts/checkpoints"
    error_message = "worker: ${jsonencode(output.services["spark-worker-1"])}"
  }

  assert {
    condition     = contains(keys(output.services["spark-worker-1"].environment), "AWS_ENDPOINT_URL") && output.services["spark-worker-1"].environment.AWS_ENDPOINT_URL == null
    error_message = "the value of AWS_ENDPOINT_URL is the machine's"
  }
}

run "sets_the_trigger_interval" {
  command = plan
  variables { trigger_interval_s = 5 }

  assert {
    condition     = output.services["spark-worker-1"].environment.TRIGGER_INTERVAL_S == "5"
    error_message = "worker: ${jsonencode(output.services["spark-worker-1"])}"
  }
}

run "refuses_half_a_second" {
  command = plan
  variables { trigger_interval_s = 0.5 }
  expect_failures = [var.trigger_interval_s]
}

run "refuses_checkpoint_elsewhere" {
  command = plan
  variables { checkpoint = "/tmp/checkpoint" }
  expect_failures = [var.checkpoint]
}

run "keeps_its_state_in_zookeeper" {
  command = plan
  variables { zookeepers = "zookeeper-1:2181,zookeeper-2:2181" }

  assert {
    condition     = output.services.spark-master.wait_for == tolist(["zookeeper-1:2181", "zookeeper-2:2181"]) && length(output.services.spark-master.volumes) == 0
    error_message = "master: ${jsonencode(output.services.spark-master)}"
  }
}
