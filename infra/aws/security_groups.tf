# A security group for each role and one for the endpoints. Each connection has a rule at both ends: egress
# of the client's group, ingress of the server's.

locals {
  groups = merge(
    { for role in local.roles : role => "Nodes of role ${role}" },
    { endpoints = "Endpoints of AWS services" },
  )

  rules = merge(module.nodes.rules, {
    for role in local.roles : "${role}-endpoints" => {
      from = role, to = "endpoints", first = 443, last = 443, description = "${role} to AWS services"
    }
  })
}

resource "aws_security_group" "this" {
  for_each = local.groups

  name        = "${var.project}-${each.key}"
  description = each.value
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${var.project}-${each.key}" }
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = local.rules

  security_group_id            = aws_security_group.this[each.value.to].id
  referenced_security_group_id = aws_security_group.this[each.value.from].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.first
  to_port                      = each.value.last
  description                  = each.value.description
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = local.rules

  security_group_id            = aws_security_group.this[each.value.from].id
  referenced_security_group_id = aws_security_group.this[each.value.to].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.first
  to_port                      = each.value.last
  description                  = each.value.description
}

resource "aws_vpc_security_group_egress_rule" "s3" {
  for_each = local.roles

  security_group_id = aws_security_group.this[each.key].id
  prefix_list_id    = aws_vpc_endpoint.s3.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  description       = "${each.key} to the artifacts bucket"
}
