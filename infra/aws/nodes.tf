locals {
  root_gib   = 20
  data_nodes = { for name, node in local.nodes : name => node if node.data_gib > 0 }
}

data "aws_ami" "debian" {
  count = var.machine_image == null ? 1 : 0

  owners      = ["136693071363"] # https://wiki.debian.org/Cloud/AmazonEC2Image
  most_recent = true

  filter {
    name   = "name"
    values = ["debian-13-amd64-*"]
  }
}

resource "aws_instance" "node" {
  # checkov:skip=CKV_AWS_126: status checks come every minute without it; riada-node reports readiness and disk
  for_each = local.nodes

  ami                    = var.machine_image == null ? data.aws_ami.debian[0].id : var.machine_image
  instance_type          = each.value.instance_type
  subnet_id              = aws_subnet.private[each.value.zone].id
  vpc_security_group_ids = [aws_security_group.this[each.value.role].id]
  iam_instance_profile   = aws_iam_instance_profile.role[each.value.role].name
  ebs_optimized          = true

  # New user-data replaces the machine: cloud-init runs once, and the data is on a separate volume.
  user_data                   = module.user_data[each.key].text
  user_data_replace_on_change = true

  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  root_block_device {
    volume_type = "gp3"
    volume_size = local.root_gib
    encrypted   = true
    kms_key_id  = aws_kms_key.this.arn
  }

  tags = { Name = "${var.project}-${each.key}", role = each.value.role }

  # A newer image is used when a machine is replaced; it does not replace all machines at once.
  lifecycle {
    ignore_changes = [ami]
  }
}

resource "aws_ebs_volume" "data" {
  for_each = local.data_nodes

  availability_zone = each.value.zone
  size              = each.value.data_gib
  type              = "gp3"
  encrypted         = true
  kms_key_id        = aws_kms_key.this.arn
  snapshot_id       = lookup(var.restore, each.key, null)
  final_snapshot    = !var.disposable
  tags              = { Name = "${var.project}-${each.key}" }

  lifecycle {
    ignore_changes = [snapshot_id]
  }
}

resource "aws_volume_attachment" "data" {
  for_each = local.data_nodes

  device_name                    = "/dev/sdf"
  volume_id                      = aws_ebs_volume.data[each.key].id
  instance_id                    = aws_instance.node[each.key].id
  stop_instance_before_detaching = true
}
