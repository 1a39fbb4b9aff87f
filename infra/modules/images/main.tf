# The tag of every image, computed at plan time as docker/build.sh computes it (tests hold the two
# together): a hash over the files that the first line of its Dockerfile and of its parents' name.

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

  # An image's line: itself, its parents and theirs. Terraform has no recursion; doubling twice
  # reaches great-grandparents (kafka, maven, jre, base), and tests/infra/test_images.py tells when
  # that is not enough.
  line_1 = { for image, parents in local.parents : image => concat([image], parents) }
  line_2 = { for image, line in local.line_1 : image => flatten([for one in line : local.line_1[one]]) }
  line_4 = { for image, line in local.line_2 : image => distinct(flatten([for one in line : local.line_2[one]])) }

  files = {
    for image, line in local.line_4 : image => sort([
      for path in setunion([for input in flatten([for one in line : local.inputs[one]]) : setunion(
        fileset(var.repository, input), fileset(var.repository, "${input}/**"),
      )]...) : path
      if !startswith(path, "docker/base/ca/") && !strcontains(path, "/__pycache__/")
    ])
  }

  # The hashed text is what `sha256sum FILE…` prints.
  hash = {
    for image, files in local.files : image => sha256(join("", [
      for path in files : "${filesha256("${var.repository}/${path}")}  ${path}\n"
    ]))
  }
}
