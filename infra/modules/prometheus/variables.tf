variable "targets" {
  description = "Kind → host:port of the exporter in each of its services, e.g. {kafka = [\"kafka-1:9404\"]}."
  type        = map(list(string))
}

variable "control_center" {
  description = "host:port of the Control Center, e.g. \"control-center:9021\"."
  type        = string
}

variable "postgres_host" {
  description = "Host of PostgreSQL, e.g. \"postgres\"."
  type        = string
}

variable "alert_webhook_url" {
  description = "URL that receives alerts by POST, e.g. \"http://pager:8000/alerts\"; \"\": none. It must not contain a secret: Alertmanager authenticates by a bearer token."
  type        = string
  default     = ""

  validation {
    condition     = var.alert_webhook_url == "" || can(regex("^https?://[^/@]+", var.alert_webhook_url)) && !strcontains(var.alert_webhook_url, "@")
    error_message = "alert_webhook_url must begin with http:// or https:// and must not contain a password: \"${var.alert_webhook_url}\"."
  }
}

variable "hosts" {
  description = "Service → DNS name, if it differs from the service's name."
  type        = map(string)
  default     = {}
}

variable "memory_mib" {
  description = "Memory limit of each container, by kind."
  type = object({
    prometheus        = optional(number, 256)
    alertmanager      = optional(number, 64)
    postgres-exporter = optional(number, 64)
  })
  default = {}
}
