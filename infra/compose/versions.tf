# The compose file of the platform on this machine, for machines without the docker provider. It has neither
# provider nor resource: apply only computes the outputs. Files that have the same name in
# infra/local have the same content (tests/infra/test_same_files.py).

terraform {
  required_version = ">= 1.9"

  # The state is in this folder, unless: init -backend-config=path=…
  backend "local" {}
}
