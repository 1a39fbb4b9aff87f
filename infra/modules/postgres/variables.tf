variable "hosts" {
  description = "Service → DNS name, if it differs from the service's name, e.g. {postgres = \"postgres.riada.internal\"}."
  type        = map(string)
  default     = {}
}

variable "memory_mib" {
  description = "Memory limit of the container."
  type        = object({ postgres = optional(number, 512) })
  default     = {}
}

variable "max_slot_wal_keep_size" {
  description = "WAL that Debezium's slot may retain while Connect is down. Beyond it the slot is lost, and capture takes a new snapshot."
  type        = string
  default     = "4GB"

  validation {
    condition     = can(regex("^[0-9]+(MB|GB)$", var.max_slot_wal_keep_size))
    error_message = "max_slot_wal_keep_size must be a PostgreSQL size such as \"4GB\" or \"512MB\"."
  }
}
