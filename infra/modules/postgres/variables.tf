variable "hosts" {
  description = "Service → DNS name where it is not the service's own name, e.g. {postgres = \"postgres.riada.internal\"}."
  type        = map(string)
  default     = {}
}

variable "memory_mib" {
  description = "Limit of the container."
  type        = object({ postgres = optional(number, 512) })
  default     = {}
}

variable "max_slot_wal_keep_size" {
  description = "WAL that Debezium's slot may hold back while Connect is down; more, and the slot is lost (re-snapshot)."
  type        = string
  default     = "4GB"

  validation {
    condition     = can(regex("^[0-9]+(MB|GB)$", var.max_slot_wal_keep_size))
    error_message = "max_slot_wal_keep_size is a PostgreSQL size such as \"4GB\" or \"512MB\"."
  }
}
