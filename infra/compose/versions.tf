# The compose file of the platform on this machine, for where the docker provider cannot be had. Linked
# files are those of infra/local. No provider, no resource: apply only computes the outputs.

terraform {
  required_version = ">= 1.9"

  # State beside this file, or: init -backend-config=path=…
  backend "local" {}
}
