# minimal: one of each, nothing published
run "minimal" {
  command = plan

  assert {
    condition = toset(keys(output.services)) == toset([
      "postgres", "zookeeper-1", "kafka-1", "schema-registry", "connect", "cassandra-1", "spark-master", "spark-worker-1",
      "airflow-api-server", "airflow-scheduler", "airflow-dag-processor", "randomuser", "control-center",
      "prometheus", "alertmanager", "postgres-exporter",
    ])
    error_message = "services: ${join(", ", keys(output.services))}"
  }

  assert {
    condition     = alltrue([for service in output.services : length(service.publish) == 0])
    error_message = "a port is published without `publish`"
  }

  assert {
    condition     = output.services.connect.environment.KAFKA_BOOTSTRAP == "kafka-1:9092"
    error_message = "Connect has ${output.services.connect.environment.KAFKA_BOOTSTRAP}"
  }

  assert {
    condition     = output.services.airflow-scheduler.environment.RANDOMUSER_URL == "http://randomuser:8000/api/"
    error_message = "Airflow has ${output.services.airflow-scheduler.environment.RANDOMUSER_URL}"
  }

  assert {
    condition     = !contains(keys(output.services.airflow-scheduler.environment), "CONTROL_CENTER_PAGES") && !contains(keys(output.services.control-center.environment), "PUBLISHED")
    error_message = "Airflow's tasks link to pages that no port of this machine publishes"
  }

  assert {
    condition = toset(keys(output.secrets)) == toset([
      "postgres-superuser", "postgres-airflow", "postgres-registry", "postgres-ingest", "postgres-application", "postgres-debezium",
      "postgres-observer", "cassandra-admin", "cassandra-spark", "cassandra-observer", "airflow-admin",
      "airflow-fernet-key", "airflow-jwt-secret", "airflow-secret-key", "control-center-token", "control-center-reader", "control-center-operator",
      "control-center-metrics", "control-center-erasures", "alert-webhook", "connect-rest", "spark-rpc", "spark-submit",
    ])
    error_message = "secrets: ${join(", ", keys(output.secrets))}"
  }
}

# Who connects to PostgreSQL has the CA, and only PostgreSQL has its key.
run "certificates" {
  command = plan
  variables { hosts = { postgres = "postgres.riada.internal", cassandra-1 = "cassandra-1.riada.internal" } }

  assert {
    condition = output.certificates == {
      cassandra-1  = tolist(["cassandra", "cassandra-1", "cassandra-1.riada.internal", "localhost"])
      postgres     = tolist(["localhost", "postgres", "postgres.riada.internal"])
      spark-master = tolist(["localhost", "spark-master"])
    }
    error_message = "names: ${jsonencode(output.certificates)}"
  }

  assert {
    condition = output.certificate_files == {
      tls-cassandra-1  = ["cassandra-1"]
      tls-postgres     = ["postgres"]
      tls-spark-master = ["spark-master"]
      ca = [
        "airflow-api-server", "airflow-dag-processor", "airflow-scheduler", "cassandra-1", "connect", "control-center",
        "postgres", "postgres-exporter", "prometheus", "schema-registry", "spark-master", "spark-worker-1",
      ]
    }
    error_message = "files: ${jsonencode(output.certificate_files)}"
  }
}

# full: 3 brokers, 3 ZooKeeper nodes, 2 workers, 3 Cassandra nodes, published
run "full" {
  command = plan

  variables {
    sizes          = { brokers = 3, zookeepers = 3, workers = 2, cassandra_nodes = 3 }
    memory_mib     = { cassandra = 4096 }
    heap_mib       = { cassandra = 2048, spark-executor = 1536 }
    publish        = { kafka = 19092, cassandra = 19042, spark-master = 19090, control-center = 19021 }
    randomuser_url = "https://randomuser.me/api/"
  }

  assert {
    condition     = length(output.services) == 23
    error_message = "services: ${join(", ", keys(output.services))}"
  }

  assert {
    condition     = [for n in range(1, 4) : output.services["kafka-${n}"].publish.external] == [19092, 19093, 19094]
    error_message = "a broker's host port follows its number"
  }

  assert {
    condition     = [for n in range(1, 4) : tonumber(output.services["kafka-${n}"].environment.EXTERNAL_PORT)] == [19092, 19093, 19094]
    error_message = "a broker advertises another port than the one published"
  }

  assert {
    condition     = output.services.spark-master.publish == tomap({ ui = 19090 })
    error_message = "of the Spark master only the UI is published"
  }

  assert {
    condition     = output.services["kafka-2"].environment.REPLICATION_FACTOR == "3" && output.services["cassandra-2"].environment.REPLICATION_FACTOR == "3"
    error_message = "three nodes hold three replicas"
  }

  assert {
    condition     = output.services["kafka-2"].wait_for == tolist(["zookeeper-1:2181", "zookeeper-2:2181", "zookeeper-3:2181"])
    error_message = "a broker waits for ${join(" ", output.services["kafka-2"].wait_for)}"
  }

  assert {
    condition     = output.services["kafka-2"].environment.WAIT_FOR == "zookeeper-1:2181 zookeeper-2:2181 zookeeper-3:2181"
    error_message = "WAIT_FOR is the list wait_for"
  }

  assert {
    condition     = output.services["cassandra-3"].memory_mib == 4096 && output.services["cassandra-3"].environment.HEAP == "2048m"
    error_message = "memory and heap of a kind reach its nodes"
  }

  assert {
    condition     = output.services["spark-worker-2"].environment.WORKER_MEMORY == "2304m"
    error_message = "a worker offers the memory of its driver and executor, not ${output.services["spark-worker-2"].environment.WORKER_MEMORY}"
  }

  assert {
    condition     = strcontains(output.services.prometheus.environment.TARGETS, "cassandra=cassandra-1:9404,cassandra-2:9404,cassandra-3:9404 ")
    error_message = "Prometheus reads ${output.services.prometheus.environment.TARGETS}"
  }

  assert {
    condition     = output.services.airflow-scheduler.environment.RANDOMUSER_URL == "https://randomuser.me/api/"
    error_message = "the chosen source does not reach Airflow"
  }

  assert {
    condition     = output.services.airflow-scheduler.environment.CONTROL_CENTER_PAGES == "http://127.0.0.1:19021"
    error_message = "Airflow's tasks link to another port than the published one"
  }

  assert {
    condition     = output.services.control-center.environment.PUBLISHED == "spark-master=19090"
    error_message = "the pages of other services have no link"
  }
}

# derived: names of machines take the place of service names
run "hosts" {
  command = plan

  variables {
    hosts = { postgres = "db.example", kafka-1 = "kafka-a.example", schema-registry = "registry.example" }
  }

  assert {
    condition = (
      output.services.connect.environment.POSTGRES_HOST == "db.example"
      && output.services.connect.environment.KAFKA_BOOTSTRAP == "kafka-a.example:9092"
      && output.services.spark-worker-1.environment.SCHEMA_REGISTRY_URL == "http://registry.example:8081"
      && output.services.kafka-1.environment.ADVERTISED_HOST == "kafka-a.example"
      && contains(output.services.connect.wait_for, "db.example:5432")
    )
    error_message = "a component still uses a service's name: ${jsonencode(output.services.connect)}"
  }
}

run "refuses_memory_of_unknown_kind" {
  command = plan
  variables { memory_mib = { kafak = 1024 } }
  expect_failures = [output.services]
}

run "refuses_heap_of_unknown_kind" {
  command = plan
  variables { heap_mib = { postgres = 1024 } }
  expect_failures = [output.services]
}

run "refuses_publishing_unknown_kind" {
  command = plan
  variables { publish = { zookeeper = 2181 } }
  expect_failures = [output.services]
}

run "secrets_of_sources" {
  command = plan
  variables { source_secrets = ["orders-api"] }

  assert {
    condition     = toset(output.secrets["source-orders-api"]) == toset(["airflow-scheduler", "control-center"])
    error_message = "readers: ${jsonencode(output.secrets["source-orders-api"])}"
  }
}

run "refuses_secret_that_is_no_file_name" {
  command = plan
  variables { source_secrets = ["../token"] }
  expect_failures = [var.source_secrets]
}

run "databases" {
  command = plan
  variables { databases = { shop = "db.example:5432", crm = "10.0.0.5:5433" } }

  assert {
    condition = alltrue([for name in ["connect", "control-center"] :
      output.services[name].environment.DATABASES == "crm=10.0.0.5:5433,shop=db.example:5432"
    ])
    error_message = "DATABASES: ${jsonencode(output.services.connect.environment)}"
  }

  assert {
    condition     = alltrue([for name in ["shop", "crm"] : toset(output.secrets["database-${name}"]) == toset(["connect", "control-center"])])
    error_message = "readers: ${jsonencode(output.secrets)}"
  }

  assert {
    condition     = !contains(output.services.connect.wait_for, "db.example:5432")
    error_message = "connect waits for a server that may be down: other tables would not be delivered"
  }
}

run "refuses_name_of_database" {
  command = plan
  variables { databases = { Shop = "db.example:5432" } }
  expect_failures = [var.databases]
}

run "refuses_address_without_port" {
  command = plan
  variables { databases = { shop = "db.example" } }
  expect_failures = [var.databases]
}

run "refuses_port_out_of_range" {
  command = plan
  variables { databases = { shop = "db.example:70000" } }
  expect_failures = [var.databases]
}

run "artifacts_name_the_tables" {
  command = plan

  assert {
    condition = alltrue([for name in ["postgres", "connect"] :
      output.services[name].volumes.artifacts == "/artifacts" && contains(output.services[name].read_only, "artifacts")
    ])
    error_message = "postgres and connect follow the deployed tables, and write nothing"
  }
}

run "refuses_source_without_scheme" {
  command = plan
  variables { randomuser_url = "randomuser.me/api" }
  expect_failures = [var.randomuser_url]
}

run "refuses_unknown_spark_state" {
  command = plan
  variables { spark_state = "etcd" }
  expect_failures = [var.spark_state]
}
