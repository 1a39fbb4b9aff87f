variables {
  domain = "demo.internal"
}

# derived: what modules/platform needs follows from the sizes alone
run "names" {
  command = plan
  variables {
    services = {}
    sizes    = { cassandra_nodes = 3 }
  }

  assert {
    condition     = output.hosts.connect == "connect.demo.internal" && output.hosts.cassandra-3 == "cassandra-3.demo.internal"
    error_message = "hosts: ${jsonencode(output.hosts)}"
  }

  assert {
    condition     = output.racks == { cassandra-1 = "a", cassandra-2 = "b", cassandra-3 = "c" }
    error_message = "racks: ${jsonencode(output.racks)}"
  }
}

run "services" {
  command = plan
  module { source = "../platform" }
  variables {
    sizes       = { brokers = 3, zookeepers = 3, workers = 4, cassandra_nodes = 3 }
    spark_state = "zookeeper"
  }
}

# full: every kind that can have several nodes has them
run "full" {
  command = plan
  variables {
    sizes    = { brokers = 3, zookeepers = 3, workers = 4, cassandra_nodes = 3 }
    services = run.services.services
    data_gib = { cassandra = 500 }
  }

  assert {
    condition     = length(output.nodes) == 18 && length(flatten([for node in output.nodes : keys(node.services)])) == length(run.services.services)
    error_message = "nodes: ${join(", ", keys(output.nodes))}"
  }

  assert {
    condition     = [for n in range(1, 5) : output.nodes["spark-worker-${n}"].zone] == ["a", "b", "c", "a"]
    error_message = "workers go round the zones"
  }

  assert {
    condition     = output.nodes.cassandra-2.data_gib == 500 && output.nodes.connect.data_gib == 0 && output.nodes.spark-master.data_gib == 0
    error_message = "data: ${jsonencode({ for name, node in output.nodes : name => node.data_gib })}"
  }

  assert {
    condition     = output.nodes.zookeeper-1.instance_type == "t3.small" && output.nodes.spark-worker-1.instance_type == "t3.medium"
    error_message = "types: ${jsonencode({ for name, node in output.nodes : name => node.instance_type })}"
  }

  assert {
    condition     = output.nodes.connect.secrets == tolist(["connect-rest", "postgres-debezium", "postgres-registry"])
    error_message = "secrets: ${jsonencode(output.nodes.connect.secrets)}"
  }
}

run "reach" {
  command = plan
  variables {
    sizes    = { brokers = 3, zookeepers = 3, workers = 4, cassandra_nodes = 3 }
    services = run.services.services
  }

  assert {
    condition     = output.reach["connect-postgres-sql"] == { from = "connect", to = "postgres", first = 5432, last = 5432, why = "connect to postgres sql" }
    error_message = jsonencode(output.reach["connect-postgres-sql"])
  }

  assert {
    condition     = output.reach["spark-worker-spark-worker-driver"].last == 7115
    error_message = "a second driver on a worker takes the next port: ${output.reach["spark-worker-spark-worker-driver"].last}"
  }

  assert {
    condition     = toset([for reach in output.reach : reach.from if reach.to == "spark-master" && reach.first == 6066]) == toset(["airflow"])
    error_message = "no password guards the Spark master's REST port"
  }

  assert {
    condition     = !contains(keys(output.reach), "connect-schema-registry-http") && !contains(keys(output.reach), "airflow-postgres-http")
    error_message = "what stays on one machine needs no way"
  }
}

run "refuses_service_without_role" {
  command = plan
  variables { services = { web = { image = "web", memory_mib = 64 } } }
  expect_failures = [output.nodes]
}

run "refuses_volume_of_unknown_role" {
  command = plan
  variables {
    services = {}
    data_gib = { cassandar = 500 }
  }
  expect_failures = [output.nodes]
}

run "refuses_memory_beyond_every_type" {
  command = plan
  variables { services = { postgres = { image = "postgres", memory_mib = 200000, secrets = [], volumes = {}, reaches = {} } } }
  expect_failures = [output.nodes]
}
