output "nodes" {
  description = "Node → {instance (for SSM), type, zone, address, services}."
  value = {
    for name, node in local.nodes : name => {
      instance = aws_instance.node[name].id
      type     = node.instance_type
      zone     = node.zone
      address  = aws_instance.node[name].private_ip
      services = keys(node.services)
    }
  }
}

output "project" {
  description = "Name of the installation."
  value       = var.project
}

output "ways" {
  description = "Kind that has one node → {instance, address, port} of what it offers."
  value = merge([
    for name, node in local.nodes : {
      for service, record in node.services : service => {
        instance = aws_instance.node[name].id
        address  = aws_instance.node[name].private_ip
        port     = record.ports[module.ports.published[service]]
      } if contains(keys(module.ports.published), service)
    }
  ]...)
}

output "bucket" {
  description = "The artifacts bucket."
  value       = aws_s3_bucket.artifacts.bucket
}

output "images" {
  description = "Image name → tag, of those that nodes run."
  value       = { for image in distinct(flatten([for node in local.nodes : node.images])) : image => module.images.tags[image] }
}

output "secrets" {
  description = "Secret → the services that read it; in Secrets Manager each is <project>/<name>."
  value       = module.platform.secrets
}

output "cost_class" {
  description = "What the chosen sizes cost a month, by the table in docs/aws.md."
  value       = "${module.costs.class}: about ${module.costs.usd_month} USD a month"
}
