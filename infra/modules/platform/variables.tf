variable "sizes" {
  description = "How many nodes, e.g. {brokers = 3, cassandra_nodes = 3}."
  type = object({
    brokers         = optional(number, 1)
    zookeepers      = optional(number, 1)
    workers         = optional(number, 1)
    cassandra_nodes = optional(number, 1)
  })
  default = {}
}

variable "memory_mib" {
  description = "Kind → memory limit of each of its containers, if it is not the default, e.g. {cassandra = 4096}."
  type        = map(number)
  default     = {}
}

variable "heap_mib" {
  description = "Kind → Java heap, if it is not the default, e.g. {cassandra = 2048}."
  type        = map(number)
  default     = {}
}

variable "publish" {
  description = "Kind → port on the machine's loopback for its first node; {}: no port is published."
  type        = map(number)
  default     = {}
}

variable "hosts" {
  description = "Service → DNS name, if it differs from the service's name, e.g. {kafka-1 = \"kafka-1.riada.internal\"}."
  type        = map(string)
  default     = {}
}

variable "racks" {
  description = "Cassandra node → rack, so that the replicas of a row are in different racks, e.g. {cassandra-1 = \"a\"}."
  type        = map(string)
  default     = {}
}

variable "spark_state" {
  description = "Where the Spark master keeps its state: \"volume\", or \"zookeeper\" so that the master can move to another machine."
  type        = string
  default     = "volume"

  validation {
    condition     = contains(["volume", "zookeeper"], var.spark_state)
    error_message = "spark_state must be \"volume\" or \"zookeeper\", not \"${var.spark_state}\"."
  }
}

variable "checkpoint" {
  description = "Folder of the checkpoints, one folder per table (modules/spark), e.g. \"s3a://BUCKET/checkpoints\"."
  type        = string
  default     = "file:/checkpoint"
}

variable "trigger_interval_s" {
  description = "Seconds between the starts of two streaming batches (modules/spark)."
  type        = number
  default     = 0
}

variable "randomuser_url" {
  description = "Any server of the randomuser API 1.4, e.g. \"https://randomuser.me/api/\"; null: the platform's own."
  type        = string
  default     = null

  validation {
    condition     = var.randomuser_url == null || can(regex("^https?://", var.randomuser_url))
    error_message = "randomuser_url must begin with http:// or https://: \"${coalesce(var.randomuser_url, "null")}\"."
  }
}

variable "alert_webhook_url" {
  description = "URL that receives alerts by POST, e.g. \"http://pager:8000/alerts\"; \"\": none."
  type        = string
  default     = ""
}

variable "topic_partitions" {
  description = "Partitions of each table's topic of events."
  type        = number
  default     = 4
}

variable "kafka_table_gib" {
  description = "Disk that the topics of one table may take on each broker."
  type        = number
  default     = 16
}

variable "verification_percent" {
  description = "Percent of one core for the continuous verification; 0: off."
  type        = number
  default     = 15
}

variable "auto_repair_rows" {
  description = "Rows per hour that verification sends again when they differ for good; 0: none."
  type        = number
  default     = 0
}

variable "max_slot_wal_keep_size" {
  description = "WAL that PostgreSQL keeps for Debezium while Connect is down."
  type        = string
  default     = "4GB"
}

variable "backup_bucket" {
  description = "Bucket of PostgreSQL's backups (modules/postgres); null: a volume."
  type        = object({ name = string, region = string })
  default     = null
}

variable "backup_retention_days" {
  description = "Days for which PostgreSQL can be taken back to any time (modules/postgres)."
  type        = number
  default     = 14
}

variable "source_secrets" {
  description = "Secrets that tables/*.toml name as \"secret:NAME\", e.g. [\"orders-api\"]: the files source-NAME. Give each its value before the first run, since a missing one gets a random value."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.source_secrets : can(regex("^[a-z0-9][a-z0-9-]{0,40}$", name))])
    error_message = "A name in source_secrets has a-z, 0-9 and '-': ${jsonencode(var.source_secrets)}."
  }
}

variable "databases" {
  description = "Other PostgreSQL servers that tables/NAME/database.toml describes: NAME → \"host:port\", e.g. {shop = \"db.example:5432\"}. The password of its user is the secret database-NAME, which is generated if it is missing."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name, _ in var.databases : can(regex("^[a-z][a-z0-9_]{0,29}$", name))])
    error_message = "A name in databases has up to 30 of a-z, 0-9 and _, and begins with a letter: ${jsonencode(keys(var.databases))}."
  }

  validation {
    condition = alltrue([for port in [
      for address in values(var.databases) : try(tonumber(regex("^[^\\s:,=]+:([0-9]{1,5})$", address)[0]), 0)
    ] : port > 0 && port < 65536])
    error_message = "An address in databases is \"host:port\": ${jsonencode(values(var.databases))}."
  }
}
