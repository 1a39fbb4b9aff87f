variables {
  domain = "demo.internal"
}

run "minimal" {
  command = plan

  assert {
    condition     = output.nodes.connect == { role = "connect", services = ["schema-registry", "connect"], zone = "a" }
    error_message = "connect: ${jsonencode(output.nodes.connect)}"
  }

  assert {
    condition     = output.roles.kafka == { kinds = ["kafka"], numbered = true } && !output.roles.connect.numbered
    error_message = "roles: ${jsonencode(output.roles)}"
  }
}

# full: every role that can have several nodes has them
run "full" {
  command = plan
  variables { sizes = { brokers = 3, zookeepers = 3, workers = 4, cassandra_nodes = 3 } }

  assert {
    condition     = length(output.nodes) == 18
    error_message = "nodes: ${join(", ", keys(output.nodes))}"
  }

  assert {
    condition     = [for n in range(1, 5) : output.nodes["spark-worker-${n}"].zone] == ["a", "b", "c", "a"]
    error_message = "workers are spread over the zones"
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

run "refuses_no_zone" {
  command = plan
  variables { zones = [] }
  expect_failures = [var.zones]
}
