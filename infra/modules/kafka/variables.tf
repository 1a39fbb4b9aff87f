variable "brokers" {
  description = "Kafka brokers: 1, or 3 with every topic on all three."
  type        = number
  default     = 1

  validation {
    condition     = contains([1, 3], var.brokers)
    error_message = "brokers must be 1 or 3, not ${var.brokers}: with two, writes would stop when one is down."
  }
}

variable "zookeepers" {
  description = "ZooKeeper nodes: 1, 3 or 5."
  type        = number
  default     = 1

  validation {
    condition     = contains([1, 3, 5], var.zookeepers)
    error_message = "zookeepers must be 1, 3 or 5, not ${var.zookeepers}: an even number tolerates no more failures than the odd number below it."
  }
}

variable "topic_partitions" {
  description = "Partitions of each table's topic of events. The number can grow later, but then the events of a row change partition."
  type        = number
  default     = 4

  validation {
    condition     = var.topic_partitions >= 1 && var.topic_partitions <= 64 && floor(var.topic_partitions) == var.topic_partitions
    error_message = "topic_partitions must be a whole number from 1 to 64, not ${var.topic_partitions}."
  }
}

variable "kafka_table_gib" {
  description = "Disk that the topics of one table may take on each broker. Kafka deletes the oldest messages beyond it, also those that nobody has read."
  type        = number
  default     = 16

  validation {
    condition     = var.kafka_table_gib >= 1 && floor(var.kafka_table_gib) == var.kafka_table_gib
    error_message = "kafka_table_gib must be a whole number from 1, not ${var.kafka_table_gib}."
  }
}

variable "postgres_host" {
  description = "Host of PostgreSQL, e.g. \"postgres\"."
  type        = string
}

variable "external_port" {
  description = "Port on localhost of the first broker's EXTERNAL listener; the next brokers have the next ports. null: no such listener."
  type        = number
  default     = null
}

variable "hosts" {
  description = "Service → DNS name, if it differs from the service's name, e.g. {kafka-1 = \"kafka-1.riada.internal\"}."
  type        = map(string)
  default     = {}
}

variable "memory_mib" {
  description = "Memory limit of each container, by kind."
  type = object({
    zookeeper       = optional(number, 256)
    kafka           = optional(number, 1024)
    schema-registry = optional(number, 512)
    connect         = optional(number, 1024)
  })
  default = {}
}

variable "heap_mib" {
  description = "Java heap, by kind."
  type = object({
    zookeeper       = optional(number, 96)
    kafka           = optional(number, 512)
    schema-registry = optional(number, 256)
    connect         = optional(number, 512)
  })
  default = {}

  validation {
    condition     = alltrue([for kind, heap in var.heap_mib : heap < var.memory_mib[kind]])
    error_message = "heap_mib must be smaller than memory_mib: ${join(", ", [for kind, heap in var.heap_mib : "${kind} has a heap of ${heap} in ${var.memory_mib[kind]}" if heap >= var.memory_mib[kind]])}."
  }
}

variable "databases" {
  description = "Other PostgreSQL servers: name → \"host:port\", e.g. {shop = \"db.example:5432\"}; the password is the secret database-NAME."
  type        = map(string)
  default     = {}
}
