# The only place that names port numbers: kind of service → name of the port → number.

output "ports" {
  description = "Ports that each kind listens on."
  value = {
    postgres           = { sql = 5432 }
    zookeeper          = { client = 2181, follower = 2888, election = 3888, metrics = 9404 }
    kafka              = { internal = 9092, external = 19092, metrics = 9404 }
    schema-registry    = { http = 8081 }
    connect            = { http = 8083, metrics = 9404 }
    cassandra          = { cql = 9042, storage = 7000, metrics = 9404 }
    spark-master       = { rpc = 7077, submit = 6066, ui = 8080 }
    spark-worker       = { ui = 8081, rpc = 7078, driver = 7100, blocks = 7200 }
    airflow-api-server = { http = 8080 }
    randomuser         = { http = 8000 }
    control-center     = { http = 9021 }
    prometheus         = { http = 9090 }
    alertmanager       = { http = 9093 }
    postgres-exporter  = { metrics = 9187 }
  }
}

output "port_ranges" {
  description = "Size of the range that begins at a port of `ports`: a second driver or executor on a worker takes the next port."
  value       = { spark-worker = { driver = 16, blocks = 16 } }
}

output "published" {
  description = "The port of a kind that can be published on the loopback of a machine. infra/ports.json has its number there."
  value = {
    postgres           = "sql"
    kafka              = "external"
    schema-registry    = "http"
    connect            = "http"
    cassandra          = "cql"
    spark-master       = "ui"
    airflow-api-server = "http"
    randomuser         = "http"
    control-center     = "http"
    prometheus         = "http"
  }
}
