# A smaller size would remove the volumes of the nodes that it leaves out. Only the state knows them, so
# each node with data has a file in the installation's folder, and a plan without one of these nodes fails.
# Remove the file of a node whose data was moved: docs/operations.md, "Fewer nodes".

locals {
  data_nodes_dir = "${dirname(local.secrets_dir)}/data-nodes"
  data_nodes     = toset([for name in keys(module.platform.services) : name if can(regex("^(kafka|zookeeper|cassandra)-[0-9]+$", name))])
  left_out       = setsubtract(fileset(local.data_nodes_dir, "*"), local.data_nodes)
}

resource "terraform_data" "data_node" {
  for_each = local.data_nodes

  input = { dir = local.data_nodes_dir, name = each.key }

  provisioner "local-exec" {
    command     = "mkdir -p \"$DIR\" && touch \"$DIR/$NAME\""
    environment = { DIR = self.input.dir, NAME = self.input.name }
  }

  provisioner "local-exec" {
    when        = destroy
    command     = "rm -f \"$DIR/$NAME\""
    environment = { DIR = self.input.dir, NAME = self.input.name }
  }

  lifecycle {
    precondition {
      condition     = length(local.left_out) == 0
      error_message = "These sizes leave out ${join(", ", local.left_out)}, which hold data. Keep the sizes; docs/operations.md, \"Fewer nodes\", has the steps that lose nothing."
    }
  }

  depends_on = [docker_volume.data]
}
