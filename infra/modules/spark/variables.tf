variable "workers" {
  description = "Spark workers; one holds the driver and an executor."
  type        = number
  default     = 1

  validation {
    condition     = var.workers >= 1 && var.workers <= 32 && floor(var.workers) == var.workers
    error_message = "workers must be a whole number from 1 to 32, not ${var.workers}."
  }
}

variable "kafka_bootstrap" {
  description = "Brokers, e.g. \"kafka-1:9092\"."
  type        = string
}

variable "schema_registry_url" {
  description = "E.g. \"http://schema-registry:8081\"."
  type        = string
}

variable "cassandra_hosts" {
  description = "Contact points, e.g. \"cassandra-1,cassandra-2\"."
  type        = string
}

variable "postgres_host" {
  description = "E.g. \"postgres\". Comparisons read it."
  type        = string
}

variable "zookeepers" {
  description = "ZooKeeper nodes that keep the master's state, e.g. \"zookeeper-1:2181\"; \"\": a volume does."
  type        = string
  default     = ""
}

variable "checkpoint" {
  description = "Folder of the checkpoints, one folder per table: \"file:/checkpoint\" on a volume, or \"s3a://BUCKET/KEY\" so that the driver can move to another machine."
  type        = string
  default     = "file:/checkpoint"

  validation {
    condition     = can(regex("^(file:/checkpoint|s3a://[a-z0-9.-]+/[^/]+)(/[^/]+)*$", var.checkpoint))
    error_message = "checkpoint must be file:/checkpoint, or below it or s3a://BUCKET/, not \"${var.checkpoint}\"."
  }
}

variable "trigger_interval_s" {
  description = "Seconds between the starts of two streaming batches; 0: no pause."
  type        = number
  default     = 0

  validation {
    condition     = var.trigger_interval_s >= 0 && var.trigger_interval_s <= 60 && floor(var.trigger_interval_s) == var.trigger_interval_s
    error_message = "trigger_interval_s must be a whole number from 0 to 60, not ${var.trigger_interval_s}."
  }
}

variable "hosts" {
  description = "Service → DNS name, if it differs from the service's name, e.g. {spark-master = \"spark-master.riada.internal\"}."
  type        = map(string)
  default     = {}
}

variable "memory_mib" {
  description = "Memory limit of each container, by kind. A worker's limit includes its driver and executor."
  type = object({
    spark-master = optional(number, 512)
    spark-worker = optional(number, 3072)
  })
  default = {}
}

variable "heap_mib" {
  description = "Java heap, by kind; spark-driver and spark-executor are those of the streaming job."
  type = object({
    spark-master   = optional(number, 256)
    spark-worker   = optional(number, 256)
    spark-driver   = optional(number, 768)
    spark-executor = optional(number, 1024)
  })
  default = {}

  validation {
    condition     = var.heap_mib.spark-master < var.memory_mib.spark-master
    error_message = "heap_mib must be smaller than memory_mib: spark-master has a heap of ${var.heap_mib.spark-master} in ${var.memory_mib.spark-master}."
  }

  validation {
    condition     = var.heap_mib.spark-worker + var.heap_mib.spark-driver + var.heap_mib.spark-executor < var.memory_mib.spark-worker
    error_message = "memory_mib must hold a worker, a driver and an executor: heaps of ${var.heap_mib.spark-worker}, ${var.heap_mib.spark-driver} and ${var.heap_mib.spark-executor} do not fit into spark-worker's ${var.memory_mib.spark-worker}."
  }
}
