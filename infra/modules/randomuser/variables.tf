variable "hosts" {
  description = "Service → DNS name, if it differs from the service's name."
  type        = map(string)
  default     = {}
}

variable "memory_mib" {
  description = "Memory limit of the container."
  type        = object({ randomuser = optional(number, 256) })
  default     = {}
}
