variable "project" {
  description = "Name of the installation; several can live beside each other when their ports differ."
  type        = string
  default     = "riada"
}

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
  description = "Kind → limit of each of its containers, where not the default, e.g. {cassandra = 4096}."
  type        = map(number)
  default     = {}
}

variable "heap_mib" {
  description = "Kind → Java heap, where not the default, e.g. {cassandra = 2048, spark-executor = 2048}."
  type        = map(number)
  default     = {}
}

variable "publish" {
  description = "Kind → port on 127.0.0.1 of its first node, where not that of infra/ports.json, e.g. {postgres = 15432}."
  type        = map(number)
  default     = {}

  validation {
    condition     = alltrue([for port in values(var.publish) : port >= 1024 && port <= 65535 && floor(port) == port])
    error_message = "A port is a whole number from 1024 to 65535: ${join(", ", [for kind, port in var.publish : "${kind} = ${port}" if port < 1024 || port > 65535 || floor(port) != port])}."
  }
}

variable "randomuser_url" {
  description = "Any server of the randomuser API 1.4, e.g. \"https://randomuser.me/api/\"; null: the platform's own."
  type        = string
  default     = null
}

variable "topic_partitions" {
  description = "Partitions of the users topic."
  type        = number
  default     = 4
}
