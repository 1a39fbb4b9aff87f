variable "cassandra_nodes" {
  description = "Cassandra nodes: 1, or 3 and more with three replicas of every row."
  type        = number
  default     = 1

  validation {
    condition     = var.cassandra_nodes == 1 || (var.cassandra_nodes >= 3 && var.cassandra_nodes <= 12 && floor(var.cassandra_nodes) == var.cassandra_nodes)
    error_message = "cassandra_nodes must be 1, or from 3 to 12, not ${var.cassandra_nodes}: a quorum of two replicas tolerates no failure."
  }
}

variable "hosts" {
  description = "Service → DNS name, if it differs from the service's name, e.g. {cassandra-1 = \"cassandra-1.riada.internal\"}."
  type        = map(string)
  default     = {}
}

variable "racks" {
  description = "Node → rack, so that the replicas of a row are in different racks, e.g. {cassandra-1 = \"a\"}."
  type        = map(string)
  default     = {}
}

variable "memory_mib" {
  description = "Memory limit of each container."
  type        = object({ cassandra = optional(number, 2304) })
  default     = {}
}

variable "heap_mib" {
  description = "Java heap; Cassandra needs about 600 MiB more."
  type        = object({ cassandra = optional(number, 1024) })
  default     = {}

  validation {
    condition     = var.heap_mib.cassandra + 512 <= var.memory_mib.cassandra
    error_message = "memory_mib must leave Cassandra 512 MiB beside heap_mib: it has a heap of ${var.heap_mib.cassandra} in ${var.memory_mib.cassandra}."
  }
}
