# What a machine is told at its first boot: cloud-init that lays down riada-node and a timer for it.
# What runs there stands in the bucket, so that it can change while the machine stays.

terraform {
  required_version = ">= 1.9"
}

variable "node" {
  description = "Name of the node, e.g. \"kafka-1\"."
  type        = string
}

variable "project" {
  description = "Name of the installation; its secrets are <project>/<name> in Secrets Manager."
  type        = string
}

variable "region" {
  description = "E.g. \"eu-central-1\"."
  type        = string
}

variable "bucket" {
  description = "Bucket with the compose file, images/ and packages/."
  type        = string
}

variable "compose" {
  description = "Key of the node's compose file, e.g. \"nodes/kafka/kafka-1.json\"."
  type        = string
}

variable "log_group" {
  description = "CloudWatch log group of the nodes' own messages."
  type        = string
}

variable "volume" {
  description = "Id of the data volume, e.g. \"vol-0abc\"; \"\": the node keeps nothing."
  type        = string
  default     = ""
}

output "text" {
  description = "The user-data."
  value       = local.text

  precondition {
    condition     = length(local.text) <= 16384
    error_message = "EC2 takes 16 KB of user-data, not ${length(local.text)} characters."
  }
}

locals {
  text = join("", ["#cloud-config\n", yamlencode({
    write_files = [
      {
        path    = "/etc/riada/node"
        content = <<-EOT
          NODE=${var.node}
          PROJECT=${var.project}
          REGION=${var.region}
          BUCKET=${var.bucket}
          COMPOSE_KEY=${var.compose}
          LOG_GROUP=${var.log_group}
          VOLUME=${var.volume}
        EOT
      },
      { path = "/usr/local/sbin/riada-node", permissions = "0755", content = file("${path.module}/riada-node") },
      { path = "/etc/systemd/system/riada-node.service", content = file("${path.module}/riada-node.service") },
      { path = "/etc/systemd/system/riada-node.timer", content = file("${path.module}/riada-node.timer") },
    ]
    runcmd = [["systemctl", "enable", "--now", "riada-node.timer"]]
  })])
}
