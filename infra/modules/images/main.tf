# The tag of every image, computed at plan time like docker/build.sh does (a test compares them): a hash of
# the files listed in the first line of the image's Dockerfile and of its parents' Dockerfiles.

terraform {
  required_version = ">= 1.9"
}

variable "repository" {
  description = "Root folder of the repository, e.g. \"../..\"."
  type        = string
}

output "tags" {
  description = "Image name → tag, e.g. {kafka = \"riada/kafka:1f0c9a31c2d0\"}."
  value       = { for image, hash in local.hash : image => "riada/${image}:${substr(hash, 0, 12)}" }
}

locals {
  dockerfiles = {
    for path in fileset(var.repository, "docker/*/Dockerfile") :
    basename(dirname(path)) => file("${var.repository}/${path}")
  }

  inputs = {
    for image, text in local.dockerfiles :
    image => split(" ", trimspace(regex("^# inputs: *(.*)", text)[0]))
  }

  parents = {
    for image, text in local.dockerfiles :
    image => flatten(regexall("(?m)^ARG [A-Z_]*=riada/([a-z-]*)$", text))
  }

  # An image's ancestry: itself, its parents and their parents. Terraform has no recursion. Doubling twice
  # finds great-grandparents (kafka, maven, jre, base); tests/infra/test_images.py fails when an image has
  # more ancestors.
  ancestry_1 = { for image, parents in local.parents : image => concat([image], parents) }
  ancestry_2 = { for image, ancestry in local.ancestry_1 : image => flatten([for ancestor in ancestry : local.ancestry_1[ancestor]]) }
  ancestry_4 = { for image, ancestry in local.ancestry_2 : image => distinct(flatten([for ancestor in ancestry : local.ancestry_2[ancestor]])) }

  files = {
    for image, ancestry in local.ancestry_4 : image => sort([
      for path in setunion([for input in flatten([for ancestor in ancestry : local.inputs[ancestor]]) : setunion(
        fileset(var.repository, input), fileset(var.repository, "${input}/**"),
      )]...) : path
      if !startswith(path, "docker/base/ca/") && !strcontains(path, "/__pycache__/")
    ])
  }

  # The hashed text is the output of `sha256sum FILE…`.
  hash = {
    for image, files in local.files : image => sha256(join("", [
      for path in files : "${filesha256("${var.repository}/${path}")}  ${path}\n"
    ]))
  }
}
