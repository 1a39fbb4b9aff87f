# User-data: the cloud-init configuration that a machine reads at its first boot. It writes riada-node,
# which fetches the node's program from the bucket, and a timer for it. The bucket has the program and the
# description of the containers, so that they can change while the machine stays.

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
  description = "Artifacts bucket: compose files, images, packages, releases and the node's program."
  type        = string
}

variable "compose" {
  description = "Key of the node's compose file, e.g. \"nodes/kafka/kafka-1.json\"."
  type        = string
}

variable "program" {
  description = "The node's program: outputs of modules/node-program."
  type        = object({ current_key = string, bootstrap = map(string) })
}

variable "log_group" {
  description = "CloudWatch log group of the nodes' own messages."
  type        = string
}

variable "volume" {
  description = "Id of the data volume, e.g. \"vol-0abc\"; \"\": the node has none."
  type        = string
  default     = ""
}

output "text" {
  description = "The user-data."
  value       = local.text

  precondition {
    condition     = length(local.text) <= 16384
    error_message = "EC2 accepts 16 KiB of user-data; this has ${length(local.text)} characters."
  }
}

locals {
  text = join("", ["#cloud-config\n", yamlencode({
    write_files = concat([
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
          PROGRAM_KEY=${var.program.current_key}
        EOT
      },
      { path = "/usr/local/sbin/riada-node", permissions = "0755", content = file("${path.module}/riada-node") },
      { path = "/etc/systemd/system/riada-node.service", content = file("${path.module}/riada-node.service") },
      { path = "/etc/systemd/system/riada-node.timer", content = file("${path.module}/riada-node.timer") },
      ], [
      for path, content in var.program.bootstrap : { path = "/usr/local/lib/riada-node/bootstrap/${path}", content = content }
    ])
    runcmd = [["systemctl", "enable", "--now", "riada-node.timer"]]
  })])
}
