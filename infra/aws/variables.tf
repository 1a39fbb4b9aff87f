variable "project" {
  description = "Name of the installation, and prefix of everything that belongs to it."
  type        = string
  default     = "riada"
}

variable "region" {
  description = "E.g. \"eu-central-1\"."
  type        = string
  default     = "eu-central-1"
}

variable "zones" {
  description = "Letters of the three zones. They are not read from AWS, since nodes would move when its answer changes."
  type        = list(string)
  default     = ["a", "b", "c"]

  validation {
    condition     = length(var.zones) == 3 && alltrue([for zone in var.zones : can(regex("^[a-z]$", zone))])
    error_message = "zones must name three, such as [\"a\", \"b\", \"c\"], not ${jsonencode(var.zones)}."
  }
}

variable "data_gib" {
  description = "Role → size of each of its data volumes, if it is not the default, e.g. {cassandra = 500}. Volumes can only grow."
  type        = map(number)
  default     = {}
}

variable "cidr" {
  description = "Addresses of the VPC; each zone gets a sixteenth."
  type        = string
  default     = "10.20.0.0/16"

  validation {
    condition     = can(cidrsubnet(var.cidr, 4, 2)) && tonumber(try(split("/", var.cidr)[1], 99)) <= 22
    error_message = "cidr must be a block from /16 to /22 such as \"10.20.0.0/16\", not \"${var.cidr}\"."
  }
}

variable "machine_image" {
  description = "AMI of the nodes, e.g. \"ami-0abc\": Debian 13 with cloud-init; null: the newest of Debian."
  type        = string
  default     = null
}

variable "restore" {
  description = "Node → snapshot from which its data volume is created, e.g. {postgres = \"snap-0abc\"}. It is used only when the volume is created."
  type        = map(string)
  default     = {}
}

variable "alarm_email" {
  description = "E-mail address for alarms; null: CloudWatch only shows them."
  type        = string
  default     = null
}

variable "alert_webhook_url" {
  description = "URL that receives alerts by POST, e.g. \"http://pager:8000/alerts\"; \"\": none. It must not contain a secret, and must be inside the VPC."
  type        = string
  default     = ""
}

variable "log_retention_days" {
  description = "How long CloudWatch keeps logs."
  type        = number
  default     = 30
}

variable "disposable" {
  description = "true: destroy removes everything. false: it keeps a snapshot of each data volume, and secrets for 30 days, and fails while the bucket has objects."
  type        = bool
  default     = false
}

variable "trigger_interval_s" {
  description = "Seconds between two batches of the streaming job; 0: no pause. Each batch makes about 30 requests to the bucket."
  type        = number
  default     = 5
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
