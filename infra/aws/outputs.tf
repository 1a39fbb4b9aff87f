output "nodes" {
  description = "Node → {instance (for SSM), type, zone, address, services}."
  value = {
    for name, node in local.nodes : name => {
      instance = aws_instance.node[name].id
      type     = node.instance_type
      zone     = node.zone
      address  = aws_instance.node[name].private_ip
      services = node.services
    }
  }
}

output "project" {
  description = "Name of the installation."
  value       = var.project
}

module "ports" {
  source = "../modules/ports"
}

output "service_endpoints" {
  description = "Service that publishes a port and has no number, e.g. control-center → {instance, address, port}."
  value = merge([
    for name, node in local.nodes : {
      for service in node.services : service => {
        instance = aws_instance.node[name].id
        address  = aws_instance.node[name].private_ip
        port     = module.ports.ports[service][module.ports.published[service]]
      } if contains(keys(module.ports.published), service)
    }
  ]...)
}

output "bucket" {
  description = "The artifacts bucket."
  value       = aws_s3_bucket.artifacts.bucket
}

output "images" {
  description = "Image name → tag, of the images that nodes run."
  value       = { for image in distinct(flatten([for node in local.nodes : node.images])) : image => module.images.tags[image] }
}

output "secrets" {
  description = "Secret → the services that read it; in Secrets Manager each is <project>/<name>."
  value       = module.platform.secrets
}

output "cost_class" {
  description = "Monthly cost of the chosen sizes: a class of docs/aws.md, and an estimate."
  value       = "${module.costs.class}: about ${module.costs.usd_month} USD a month"
}

output "database_clients" {
  description = "What another PostgreSQL server must accept, and where a route to it belongs: {security_groups (role → id), vpc, route_table}."
  value = {
    security_groups = { for role in local.database_roles : role => aws_security_group.this[role].id }
    vpc             = aws_vpc.this.id
    route_table     = aws_route_table.private.id
  }
}
