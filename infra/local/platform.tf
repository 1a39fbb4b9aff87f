locals {
  repository  = abspath("${path.root}/../..")
  secrets_dir = "${local.repository}/.riada/${var.project}/secrets"
}

module "platform" {
  source               = "../modules/platform"
  sizes                = var.sizes
  memory_mib           = var.memory_mib
  heap_mib             = var.heap_mib
  publish              = merge(jsondecode(file("${path.root}/../ports.json")), var.publish)
  randomuser_url       = var.randomuser_url
  alert_webhook_url    = var.alert_webhook_url
  source_secrets       = var.source_secrets
  databases            = var.databases
  topic_partitions     = var.topic_partitions
  kafka_table_gib      = var.kafka_table_gib
  verification_percent = var.verification_percent
  auto_repair_rows     = var.auto_repair_rows

  backup_retention_days = var.backup_retention_days
}

module "images" {
  source     = "../modules/images"
  repository = local.repository
}

module "machine" {
  source      = "../modules/containers"
  project     = var.project
  services    = module.platform.services
  images      = module.images.tags
  secrets_dir = local.secrets_dir
}
