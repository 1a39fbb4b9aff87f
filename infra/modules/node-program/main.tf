# The program of the nodes: package node/ and what it imports of contract/, as one object of the bucket.

terraform {
  required_version = ">= 1.9"
}

variable "repository" {
  description = "Root folder of the repository, e.g. \"../..\"."
  type        = string
}

locals {
  # tests/infra/test_node_program.py imports the program with these files alone.
  files = setunion(
    fileset(var.repository, "node/**/*.py"),
    ["contract/__init__.py", "contract/stream/__init__.py", "contract/stream/releases.py"],
  )

  # The modules with which node.bootstrap fetches the others; they must fit into user-data (16 KiB).
  bootstrap = [
    for name in [
      "__init__", "bootstrap", "errors", "aws/__init__", "aws/client", "aws/logs", "aws/metadata", "aws/s3_read",
      "aws/sigv4",
    ] : "node/${name}.py"
  ]

  content = jsonencode({ for path in local.files : path => file("${var.repository}/${path}") })
  current = { key = "program/${sha256(local.content)}.json", sha256 = sha256(local.content) }
}

output "content" {
  description = "A JSON object of path → text."
  value       = local.content
}

output "key" {
  description = "Key of the content in the bucket. Each version has its own."
  value       = local.current.key
}

output "current_key" {
  description = "Key of the object that names the current version. Nodes follow it."
  value       = "program/current.json"
}

output "current" {
  description = "Its content: key and SHA-256 of the version, which a node verifies."
  value       = jsonencode(local.current)
}

output "bootstrap" {
  description = "Path → text of the files that user-data holds."
  value       = { for path in local.bootstrap : path => file("${var.repository}/${path}") }
}
