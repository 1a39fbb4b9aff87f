# The platform on this machine's engine: one container per service record.

terraform {
  required_version = ">= 1.9"

  # The state is in this folder, unless: init -backend-config=path=…
  backend "local" {}

  required_providers {
    docker = {
      source  = "kreuzwerker/docker"
      version = "4.5.0"
    }
  }
}
