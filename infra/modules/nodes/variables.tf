variable "placement" {
  description = "Outputs of modules/placement: which services are on which node."
  type = object({
    nodes = map(object({ role = string, services = list(string), zone = string }))
    roles = map(object({ kinds = list(string), numbered = bool }))
  })
}

variable "services" {
  description = "Service name → record (modules/record): all records of modules/platform."
  type = map(object({
    image       = string
    secrets     = list(string)
    volumes     = map(string)
    read_only   = optional(list(string), [])
    memory_mib  = number
    connects_to = map(list(string))
  }))
}

variable "data_gib" {
  description = "Role → size of each of its data volumes, where not the default, e.g. {cassandra = 500}."
  type        = map(number)
  default     = {}
}
