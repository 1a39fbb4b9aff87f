variable "project" {
  description = "Name of the installation; several can live beside each other when their ports differ."
  type        = string
  default     = "riada"
}

variable "publish" {
  description = "Kind → port on 127.0.0.1 of its first node, where not that of infra/ports.json, e.g. {postgres = 15432}."
  type        = map(number)
  default     = {}

  validation {
    condition     = alltrue([for port in values(var.publish) : port >= 1024 && port <= 65535 && floor(port) == port])
    error_message = "A port is a whole number from 1024 to 65535: ${join(", ", [for kind, port in var.publish : "${kind} = ${port}" if port < 1024 || port > 65535 || floor(port) != port])}."
  }
}

variable "randomuser_url" {
  description = "Any server of the randomuser API 1.4, e.g. \"https://randomuser.me/api/\"; null: the platform's own."
  type        = string
  default     = null
}

variable "alert_webhook_url" {
  description = "What alerts are POSTed to, e.g. \"http://pager:8000/alerts\"; \"\": nothing. It must hold no secret."
  type        = string
  default     = ""
}
