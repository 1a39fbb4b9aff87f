locals {
  repository = abspath("${path.root}/../..")
  domain     = "${var.project}.internal"
  zones      = [for letter in var.zones : "${var.region}${letter}"]
  nodes      = module.nodes.nodes
  roles      = toset([for node in local.nodes : node.role])
}

# Each module takes outputs of those above it.

module "placement" {
  source = "../modules/placement"
  sizes  = var.sizes
  domain = local.domain
  zones  = local.zones
}

module "platform" {
  source               = "../modules/platform"
  sizes                = var.sizes
  memory_mib           = var.memory_mib
  heap_mib             = var.heap_mib
  topic_partitions     = var.topic_partitions
  kafka_table_gib      = var.kafka_table_gib
  verification_percent = var.verification_percent
  auto_repair_rows     = var.auto_repair_rows
  alert_webhook_url    = var.alert_webhook_url
  source_secrets       = var.source_secrets
  databases            = var.databases
  hosts                = module.placement.hosts
  racks                = module.placement.racks
  spark_state          = "zookeeper"
  checkpoint           = "s3a://${aws_s3_bucket.artifacts.bucket}/checkpoints"
  trigger_interval_s   = var.trigger_interval_s

  backup_bucket         = { name = aws_s3_bucket.artifacts.bucket, region = var.region }
  backup_retention_days = var.backup_retention_days
}

module "nodes" {
  source    = "../modules/nodes"
  placement = module.placement
  services  = module.platform.services
  data_gib  = var.data_gib
}

module "images" {
  source     = "../modules/images"
  repository = local.repository
}

module "machine" {
  source      = "../modules/containers"
  for_each    = local.nodes
  project     = var.project
  services    = { for service in each.value.services : service => module.platform.services[service] }
  images      = module.images.tags
  secrets_dir = "/run/riada/secrets"
  network     = "host"

  log = {
    driver = "awslogs"
    # non-blocking: services do not stop when CloudWatch does not answer
    options = {
      awslogs-region  = var.region
      awslogs-group   = aws_cloudwatch_log_group.this["containers"].name
      tag             = "{{.Name}}"
      mode            = "non-blocking"
      max-buffer-size = "4m"
    }
  }
}

module "compose" {
  source   = "../modules/compose"
  for_each = local.nodes
  machine  = module.machine[each.key]
}

module "node_program" {
  source     = "../modules/node-program"
  repository = local.repository
}

module "user_data" {
  source    = "../modules/user-data"
  for_each  = local.nodes
  node      = each.key
  project   = var.project
  region    = var.region
  bucket    = aws_s3_bucket.artifacts.bucket
  compose   = local.compose_key[each.key]
  program   = merge(module.node_program, { current_key = aws_s3_object.current_program.key })
  log_group = aws_cloudwatch_log_group.this["nodes"].name
  volume    = try(aws_ebs_volume.data[each.key].id, "")
}

module "costs" {
  source         = "../modules/costs"
  instance_types = [for node in local.nodes : node.instance_type]
  disk_gib       = sum([for node in local.nodes : node.data_gib + local.root_gib])
  endpoints      = length(local.endpoints) * length(local.zones)
}
