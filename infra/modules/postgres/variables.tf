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

variable "backup_bucket" {
  description = "Bucket of the backups and the WAL archive, in its folder backups/, e.g. {name = \"riada-artifacts\", region = \"eu-central-1\"}; null: the volume `backups`."
  type        = object({ name = string, region = string })
  default     = null
}

variable "backup_retention_days" {
  description = "Days for which PostgreSQL can be taken back to any time."
  type        = number
  default     = 14

  validation {
    condition     = var.backup_retention_days >= 7 && var.backup_retention_days <= 365 && floor(var.backup_retention_days) == var.backup_retention_days
    error_message = "backup_retention_days must be a whole number from 7, since a full backup is taken every 7 days, to 365."
  }
}
