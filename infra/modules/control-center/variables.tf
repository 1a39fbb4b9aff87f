variable "endpoints" {
  description = "Addresses of the components, as the environment variables of the container."
  type = object({
    POSTGRES_HOST       = string # "postgres"
    KAFKA_BOOTSTRAP     = string # every broker: "kafka-1:9092,kafka-2:9092"
    ZOOKEEPERS          = string # every node: "zookeeper-1:2181"
    SCHEMA_REGISTRY_URL = string # "http://schema-registry:8081"
    CONNECT_URL         = string # "http://connect:8083"
    SPARK_MASTER_UI     = string # "http://spark-master:8080"
    SPARK_WORKERS       = string # every worker's UI: "spark-worker-1:8081"
    CASSANDRA_HOSTS     = string # every node: "cassandra-1,cassandra-2"
    AIRFLOW_URL         = string # "http://airflow-api-server:8080"
    RANDOMUSER_URL      = string # "http://randomuser:8000/api/"
    PROMETHEUS_URL      = string # "http://prometheus:9090"
    # ports of pages that a browser on this machine can open: "prometheus=9091,spark-master=9090"; "": none
    PUBLISHED = optional(string, "")
  })
}

variable "hosts" {
  description = "Service → DNS name, if it differs from the service's name."
  type        = map(string)
  default     = {}
}

variable "memory_mib" {
  description = "Memory limit of the container."
  type        = object({ control-center = optional(number, 768) })
  default     = {}
}

variable "source_secrets" {
  description = "Secrets that tables' sources need: the files source-NAME, e.g. [\"orders-api\"]."
  type        = list(string)
  default     = []
}

variable "databases" {
  description = "Other PostgreSQL servers: name → \"host:port\", e.g. {shop = \"db.example:5432\"}; the password is the secret database-NAME."
  type        = map(string)
  default     = {}
}

variable "verification_percent" {
  description = "Percent of one core for the continuous verification, e.g. 30; 0: off."
  type        = number
  default     = 15

  validation {
    condition     = var.verification_percent >= 0 && var.verification_percent <= 100 && floor(var.verification_percent) == var.verification_percent
    error_message = "verification_percent must be a whole number from 0 to 100, not ${var.verification_percent}."
  }
}

variable "auto_repair_rows" {
  description = "Rows per hour that verification sends again when they differ for good, e.g. 1000; 0: none."
  type        = number
  default     = 0

  validation {
    condition     = var.auto_repair_rows >= 0 && floor(var.auto_repair_rows) == var.auto_repair_rows
    error_message = "auto_repair_rows must be a whole number from 0, not ${var.auto_repair_rows}."
  }
}
