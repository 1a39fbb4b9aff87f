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

  # Roles that have a password of another PostgreSQL connect to its port.
  database_roles = toset([for role, of in local.of_role : role if anytrue([for secret in of.secrets : startswith(secret, "database-")])])
  database_rules = {
    for pair in setproduct(local.database_roles, toset([for address in values(var.databases) : split(":", address)[1]])) :
    "${pair[0]}-${pair[1]}" => { role = pair[0], port = tonumber(pair[1]) }
  }
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

# The addresses of other PostgreSQL servers may change, as those of RDS do; their own groups decide who connects.
resource "aws_vpc_security_group_egress_rule" "databases" {
  for_each = local.database_rules

  security_group_id = aws_security_group.this[each.value.role].id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
  description       = "${each.value.role} to other PostgreSQL servers"
}

# The Spark master's port 6066 had the name "rest". A rule of a new name would be refused as a duplicate.
moved {
  from = aws_vpc_security_group_ingress_rule.this["airflow-spark-master-rest"]
  to   = aws_vpc_security_group_ingress_rule.this["airflow-spark-master-submit"]
}

moved {
  from = aws_vpc_security_group_egress_rule.this["airflow-spark-master-rest"]
  to   = aws_vpc_security_group_egress_rule.this["airflow-spark-master-submit"]
}
