# The platform on AWS: one EC2 machine a node, no way in from the internet. docs/aws.md tells what is
# created, what it costs and who may reach what.

terraform {
  required_version = ">= 1.11" # write-only arguments keep the secrets out of the state

  # State beside this file, or: init -backend-config=path=…
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
