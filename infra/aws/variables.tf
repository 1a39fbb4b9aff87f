variable "project" {
  description = "Name of the installation and prefix of all it owns."
  type        = string
  default     = "riada"
}

variable "region" {
  description = "E.g. \"eu-central-1\"."
  type        = string
  default     = "eu-central-1"
}

variable "zones" {
  description = "Letters of the three zones; never asked of AWS, since nodes would move when its answer changes."
  type        = list(string)
  default     = ["a", "b", "c"]

  validation {
    condition     = length(var.zones) == 3 && alltrue([for zone in var.zones : can(regex("^[a-z]$", zone))])
    error_message = "zones names three, such as [\"a\", \"b\", \"c\"], not ${jsonencode(var.zones)}."
  }
}

variable "data_gib" {
  description = "Role → size of each of its data volumes, where not the default, e.g. {cassandra = 500}. They can grow only."
  type        = map(number)
  default     = {}
}

variable "cidr" {
  description = "Addresses of the VPC; each zone gets a sixteenth."
  type        = string
  default     = "10.20.0.0/16"

  validation {
    condition     = can(cidrsubnet(var.cidr, 4, 2)) && tonumber(try(split("/", var.cidr)[1], 99)) <= 22
    error_message = "cidr is a block from /16 to /22 such as \"10.20.0.0/16\", not \"${var.cidr}\"."
  }
}

variable "machine_image" {
  description = "AMI of the nodes, e.g. \"ami-0abc\": Debian 13 with cloud-init; null: Debian's own newest."
  type        = string
  default     = null
}

variable "restore" {
  description = "Node → snapshot that its data volume begins with, e.g. {postgres = \"snap-0abc\"}; read only when the volume is made."
  type        = map(string)
  default     = {}
}

variable "alarm_email" {
  description = "Address that alarms are sent to; null: they are only shown."
  type        = string
  default     = null
}

variable "alert_webhook_url" {
  description = "What alerts are POSTed to, e.g. \"http://pager:8000/alerts\"; \"\": nothing. It must hold no secret, and lie in the VPC."
  type        = string
  default     = ""
}

variable "log_retention_days" {
  description = "How long CloudWatch keeps logs."
  type        = number
  default     = 30
}

variable "disposable" {
  description = "true: destroy keeps nothing. false: it leaves a snapshot of each data volume and secrets for 30 days, and refuses while the bucket holds anything."
  type        = bool
  default     = false
}

variable "trigger_interval_s" {
  description = "Seconds between two batches of the streaming job; 0: at once. Each batch asks the bucket about 30 times."
  type        = number
  default     = 5
}
