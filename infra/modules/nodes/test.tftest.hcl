# Placement and records of a platform with several nodes of each role that can have them.

run "placement" {
  command = plan
  module { source = "../placement" }
  variables {
    domain = "demo.internal"
    sizes  = { brokers = 3, zookeepers = 3, workers = 4, cassandra_nodes = 3 }
  }
}

run "records" {
  command = plan
  module { source = "../platform" }
  variables {
    sizes       = { brokers = 3, zookeepers = 3, workers = 4, cassandra_nodes = 3 }
    spark_state = "zookeeper"
  }
}

run "full" {
  command = plan
  variables {
    placement = run.placement
    services  = run.records.services
    data_gib  = { cassandra = 500 }
  }

  assert {
    condition     = length(output.nodes) == 18 && length(flatten([for node in output.nodes : node.services])) == length(run.records.services)
    error_message = "nodes: ${join(", ", keys(output.nodes))}"
  }

  assert {
    condition     = output.nodes.cassandra-2.data_gib == 500 && output.nodes.connect.data_gib == 0 && output.nodes.spark-master.data_gib == 0
    error_message = "data: ${jsonencode({ for name, node in output.nodes : name => node.data_gib })}"
  }

  assert {
    condition     = contains(output.nodes.connect.volumes, "artifacts") && output.nodes.spark-worker-1.data_gib == 20
    error_message = "only a volume that a node reads without writing needs no disk: ${jsonencode(output.nodes.connect)}"
  }

  assert {
    condition     = output.nodes.zookeeper-1.instance_type == "t3.small" && output.nodes.spark-worker-1.instance_type == "t3.medium"
    error_message = "types: ${jsonencode({ for name, node in output.nodes : name => node.instance_type })}"
  }

  assert {
    condition     = output.nodes.connect.secrets == tolist(["ca", "connect-rest", "postgres-debezium", "postgres-registry"])
    error_message = "secrets: ${jsonencode(output.nodes.connect.secrets)}"
  }
}

run "rules" {
  command = plan
  variables {
    placement = run.placement
    services  = run.records.services
  }

  assert {
    condition     = output.rules["connect-postgres-sql"] == { from = "connect", to = "postgres", first = 5432, last = 5432, description = "connect to postgres sql" }
    error_message = jsonencode(output.rules["connect-postgres-sql"])
  }

  assert {
    condition     = output.rules["spark-worker-spark-worker-driver"].last == 7115
    error_message = "a second driver on a worker takes the next port: ${output.rules["spark-worker-spark-worker-driver"].last}"
  }

  assert {
    condition     = toset([for rule in output.rules : rule.from if rule.to == "spark-master" && rule.first == 6066]) == toset(["airflow"])
    error_message = "only Airflow submits drivers"
  }

  assert {
    condition     = !contains(keys(output.rules), "connect-schema-registry-http") && !contains(keys(output.rules), "airflow-postgres-http")
    error_message = "a connection inside one machine needs no rule"
  }
}

run "refuses_service_without_node" {
  command = plan
  variables {
    placement = run.placement
    services  = { web = { image = "web", memory_mib = 64, secrets = [], volumes = {}, connects_to = {} } }
  }
  expect_failures = [output.nodes]
}

run "refuses_volume_of_unknown_role" {
  command = plan
  variables {
    placement = run.placement
    services  = {}
    data_gib  = { cassandar = 500 }
  }
  expect_failures = [output.nodes]
}

run "refuses_memory_beyond_every_type" {
  command = plan
  variables {
    placement = run.placement
    services  = { postgres = { image = "postgres", memory_mib = 200000, secrets = [], volumes = {}, connects_to = {} } }
  }
  expect_failures = [output.nodes]
}
