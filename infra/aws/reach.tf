# Who may reach whom: a security group for each role and one for the endpoints, a rule at both ends of
# every way.

locals {
  groups = merge(
    { for role in local.roles : role => "Nodes of role ${role}" },
    { endpoints = "Endpoints of AWS services" },
  )

  ways = merge(module.nodes.reach, {
    for role in local.roles : "${role}-endpoints" => {
      from = role, to = "endpoints", first = 443, last = 443, why = "${role} to AWS services"
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
  for_each = local.ways

  security_group_id            = aws_security_group.this[each.value.to].id
  referenced_security_group_id = aws_security_group.this[each.value.from].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.first
  to_port                      = each.value.last
  description                  = each.value.why
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = local.ways

  security_group_id            = aws_security_group.this[each.value.from].id
  referenced_security_group_id = aws_security_group.this[each.value.to].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.first
  to_port                      = each.value.last
  description                  = each.value.why
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
