variable "sizes" {
  description = "As modules/platform has it, e.g. {brokers = 3, zookeepers = 3, workers = 2, cassandra_nodes = 3}."
  type = object({
    brokers         = optional(number, 1)
    zookeepers      = optional(number, 1)
    workers         = optional(number, 1)
    cassandra_nodes = optional(number, 1)
  })
  default = {}
}

variable "services" {
  description = "Service name → record (shape: modules/record): all that modules/platform gives."
  type        = any
}

variable "domain" {
  description = "Private zone in which every service has a name, e.g. \"riada.internal\"."
  type        = string
}

variable "zones" {
  description = "Zones to spread over; a role's n-th node is in the n-th, and again from the first."
  type        = list(string)
  default     = ["a", "b", "c"]

  validation {
    condition     = length(var.zones) >= 1
    error_message = "zones names at least one."
  }
}

variable "data_gib" {
  description = "Role → size of each of its data volumes, where not the default, e.g. {cassandra = 500}."
  type        = map(number)
  default     = {}
}
