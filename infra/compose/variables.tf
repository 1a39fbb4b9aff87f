variable "project" {
  description = "Name of the installation. Several installations can run on one machine if their ports differ."
  type        = string
  default     = "riada"
}

variable "publish" {
  description = "Kind → port on 127.0.0.1 of its first node, if it is not the port of infra/ports.json, e.g. {postgres = 15432}."
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
  description = "URL that receives alerts by POST, e.g. \"http://pager:8000/alerts\"; \"\": none. It must not contain a secret."
  type        = string
  default     = ""
}

variable "source_secrets" {
  description = "Secrets that tables/*.toml name as \"secret:NAME\", e.g. [\"orders-api\"]: the files source-NAME. Give each its value before the first run, since a missing one gets a random value."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.source_secrets : can(regex("^[a-z0-9][a-z0-9-]{0,40}$", name))])
    error_message = "A name in source_secrets has a-z, 0-9 and '-': ${jsonencode(var.source_secrets)}."
  }
}

variable "databases" {
  description = "Other PostgreSQL servers that tables/NAME/database.toml describes: NAME → \"host:port\", e.g. {shop = \"db.example:5432\"}. The password of its user is the secret database-NAME, which is generated if it is missing."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name, _ in var.databases : can(regex("^[a-z][a-z0-9_]{0,29}$", name))])
    error_message = "A name in databases has up to 30 of a-z, 0-9 and _, and begins with a letter: ${jsonencode(keys(var.databases))}."
  }

  validation {
    condition = alltrue([for port in [
      for address in values(var.databases) : try(tonumber(regex("^[^\\s:,=]+:([0-9]{1,5})$", address)[0]), 0)
    ] : port > 0 && port < 65536])
    error_message = "An address in databases is \"host:port\": ${jsonencode(values(var.databases))}."
  }
}
