variable "hosts" {
  description = "Service → DNS name where it is not the service's own name."
  type        = map(string)
  default     = {}
}

variable "memory_mib" {
  description = "Limit of the container."
  type        = object({ randomuser = optional(number, 256) })
  default     = {}
}
