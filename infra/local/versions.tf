# The platform on this machine's engine: one container a service record.

terraform {
  required_version = ">= 1.9"

  # State beside this file, or: init -backend-config=path=…
  backend "local" {}

  required_providers {
    docker = {
      source  = "kreuzwerker/docker"
      version = "4.5.0"
    }
  }
}
