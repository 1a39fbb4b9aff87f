variables {
  node      = "kafka-1"
  project   = "demo"
  region    = "eu-central-1"
  bucket    = "demo-artifacts"
  compose   = "nodes/kafka/kafka-1.json"
  log_group = "/demo/nodes"
  volume    = "vol-0abc"
}

run "program" {
  command = plan
  module { source = "../node-program" }
  variables { repository = "../../.." }

  assert {
    condition     = jsondecode(output.current) == { key = output.key, sha256 = sha256(output.content) }
    error_message = "a node could not verify the program"
  }
}

run "writes_the_node_s_configuration" {
  command = plan
  variables { program = run.program }

  assert {
    condition     = startswith(output.text, "#cloud-config\n") && strcontains(yamldecode(output.text).write_files[0].content, "VOLUME=vol-0abc\n")
    error_message = substr(output.text, 0, 400)
  }

  assert {
    condition     = yamldecode(output.text).write_files[1].content == file("./riada-node")
    error_message = "riada-node is not written unchanged"
  }

  assert {
    condition = [
      for file in yamldecode(output.text).write_files : file.content if endswith(file.path, "/bootstrap/node/aws/sigv4.py")
    ] == [file("../../../node/aws/sigv4.py")]
    error_message = "the bootstrap is not written unchanged"
  }
}

run "node_without_data_volume" {
  command = plan
  variables {
    volume  = ""
    program = run.program
  }

  assert {
    condition     = strcontains(yamldecode(output.text).write_files[0].content, "VOLUME=\n")
    error_message = "no volume is an empty VOLUME"
  }
}

run "refuses_more_than_ec2_accepts" {
  command = plan
  variables {
    log_group = format("%16384s", "/demo")
    program   = run.program
  }
  expect_failures = [output.text]
}
