# Who may reach whom: one security group a role, one pair of rules for each line of modules/nodes' reach.

resource "aws_security_group" "role" {
  for_each = local.roles

  name        = "${var.project}-${each.key}"
  description = "Nodes of role ${each.key}"
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${var.project}-${each.key}" }
}

resource "aws_vpc_security_group_ingress_rule" "reach" {
  for_each = module.nodes.reach

  security_group_id            = aws_security_group.role[each.value.to].id
  referenced_security_group_id = aws_security_group.role[each.value.from].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.first
  to_port                      = each.value.last
  description                  = each.value.why
}

resource "aws_vpc_security_group_egress_rule" "reach" {
  for_each = module.nodes.reach

  security_group_id            = aws_security_group.role[each.value.from].id
  referenced_security_group_id = aws_security_group.role[each.value.to].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.first
  to_port                      = each.value.last
  description                  = each.value.why
}

resource "aws_security_group" "endpoints" {
  name        = "${var.project}-endpoints"
  description = "Endpoints of AWS services"
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${var.project}-endpoints" }
}

resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  for_each = aws_security_group.role

  security_group_id            = aws_security_group.endpoints.id
  referenced_security_group_id = each.value.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  description                  = "${each.key} to AWS services"
}

resource "aws_vpc_security_group_egress_rule" "endpoints" {
  for_each = aws_security_group.role

  security_group_id            = each.value.id
  referenced_security_group_id = aws_security_group.endpoints.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  description                  = "${each.key} to AWS services"
}

resource "aws_vpc_security_group_egress_rule" "s3" {
  for_each = aws_security_group.role

  security_group_id = each.value.id
  prefix_list_id    = aws_vpc_endpoint.s3.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  description       = "${each.key} to the artifacts bucket"
}
