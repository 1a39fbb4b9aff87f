# A smaller size would remove the volumes of the nodes that it leaves out. AWS knows which volumes exist.

variable "moved_away" {
  description = "Nodes whose data was moved to others, so that a smaller size may remove them, e.g. [\"cassandra-5\"]: docs/operations.md, \"Fewer nodes\"."
  type        = list(string)
  default     = []
}

locals {
  # The largest sizes that modules/kafka and modules/cassandra accept.
  largest = { kafka = 3, zookeeper = 5, cassandra = 12 }

  absent_nodes = [
    for name in flatten([for role, count in local.largest : [for n in range(1, count + 1) : "${role}-${n}"]]) : name
    if !contains(keys(local.nodes), name) && !contains(var.moved_away, name)
  ]
}

data "aws_ebs_volumes" "left_out" {
  filter {
    name   = "tag:Name"
    values = concat([for name in local.absent_nodes : "${var.project}-${name}"], ["${var.project}-none"])
  }

  filter {
    name   = "tag:project"
    values = [var.project]
  }

  filter {
    name   = "status"
    values = ["creating", "available", "in-use", "error"]
  }
}

resource "terraform_data" "sizes" {
  lifecycle {
    precondition {
      condition     = length(data.aws_ebs_volumes.left_out.ids) == 0
      error_message = "These sizes leave out nodes that hold data, on the volumes ${join(", ", data.aws_ebs_volumes.left_out.ids)}. Keep the sizes; docs/operations.md, \"Fewer nodes\", has the steps that lose nothing."
    }
  }
}
