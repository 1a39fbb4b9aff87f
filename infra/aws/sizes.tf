# The same in all roots (tests/infra/test_same_files.py).

variable "sizes" {
  description = "How many nodes, e.g. {brokers = 3, zookeepers = 3, workers = 2, cassandra_nodes = 3}; 1 of each by default."
  type        = map(number)
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.sizes), ["brokers", "zookeepers", "workers", "cassandra_nodes"])) == 0
    error_message = "sizes takes brokers, zookeepers, workers and cassandra_nodes, not ${join(", ", setsubtract(keys(var.sizes), ["brokers", "zookeepers", "workers", "cassandra_nodes"]))}."
  }
}

variable "memory_mib" {
  description = "Kind → memory limit of each of its containers, if it is not the default, e.g. {cassandra = 4096}."
  type        = map(number)
  default     = {}
}

variable "heap_mib" {
  description = "Kind → Java heap, if it is not the default, e.g. {cassandra = 2048, spark-executor = 2048}."
  type        = map(number)
  default     = {}
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

variable "backup_retention_days" {
  description = "Days for which PostgreSQL can be taken back to any time."
  type        = number
  default     = 14
}
