variable "postgres_host" {
  description = "Host of PostgreSQL, e.g. \"postgres\"."
  type        = string
}

variable "randomuser_url" {
  description = "The API that tables' sources name as $RANDOMUSER_URL, e.g. \"http://randomuser:8000/api/\"."
  type        = string
}

variable "control_center_pages" {
  description = "Where a browser opens the Control Center, e.g. \"http://127.0.0.1:9021\"; \"\": its port is not published."
  type        = string
  default     = ""
}

variable "spark" {
  description = "Where stream_tables submits the streaming job, and reads the master's state."
  type = object({
    submit_url = string # "https://spark-master:6066"
    master_ui  = string # "http://spark-master:8080"
  })
}

variable "hosts" {
  description = "Service → DNS name, if it differs from the service's name."
  type        = map(string)
  default     = {}
}

variable "memory_mib" {
  description = "Memory limit of each container, by kind. Tasks run in the scheduler."
  type = object({
    airflow-api-server    = optional(number, 768)
    airflow-scheduler     = optional(number, 1280)
    airflow-dag-processor = optional(number, 512)
  })
  default = {}
}

variable "source_secrets" {
  description = "Secrets that tables' sources need: the files source-NAME, e.g. [\"orders-api\"]."
  type        = list(string)
  default     = []
}
