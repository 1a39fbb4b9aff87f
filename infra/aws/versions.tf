# The platform on AWS: one EC2 machine per node, not reachable from the internet. docs/aws.md describes the
# resources, their costs and the network access.

terraform {
  required_version = ">= 1.11" # write-only arguments keep the secrets out of the state

  # The state is in this folder, unless: init -backend-config=path=…
  backend "local" {}

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { project = var.project }
  }
}

data "aws_caller_identity" "this" {}
