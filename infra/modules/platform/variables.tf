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
  description = "Folder of the streaming job's checkpoint (modules/spark), e.g. \"s3a://BUCKET/checkpoints/users\"."
  type        = string
  default     = "file:/checkpoint/users"
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
  description = "Partitions of the users topic."
  type        = number
  default     = 4
}

variable "max_slot_wal_keep_size" {
  description = "WAL that PostgreSQL keeps for Debezium while Connect is down."
  type        = string
  default     = "4GB"
}
