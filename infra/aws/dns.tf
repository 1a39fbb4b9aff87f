# Every service has a name in a private zone, so that its address may change. DHCP sets the zone as search
# domain, so the name without the zone works too.

resource "aws_route53_zone" "private" {
  name = local.domain

  vpc {
    vpc_id = aws_vpc.this.id
  }
}

resource "aws_route53_record" "service" {
  for_each = merge([for name, node in local.nodes : { for service in node.services : service => name }]...)

  zone_id = aws_route53_zone.private.zone_id
  name    = module.placement.hosts[each.key]
  type    = "A"
  ttl     = 15
  records = [aws_instance.node[each.value].private_ip]
}

resource "aws_vpc_dhcp_options" "this" {
  domain_name         = local.domain
  domain_name_servers = ["AmazonProvidedDNS"]
  tags                = { Name = var.project }
}

resource "aws_vpc_dhcp_options_association" "this" {
  vpc_id          = aws_vpc.this.id
  dhcp_options_id = aws_vpc_dhcp_options.this.id
}
