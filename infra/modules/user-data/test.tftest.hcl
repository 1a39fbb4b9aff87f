variables {
  node      = "kafka-1"
  project   = "demo"
  region    = "eu-central-1"
  bucket    = "demo-artifacts"
  compose   = "nodes/kafka/kafka-1.json"
  log_group = "/demo/nodes"
  volume    = "vol-0abc"
}

run "tells_the_node_who_it_is" {
  command = plan

  assert {
    condition     = startswith(output.text, "#cloud-config\n") && strcontains(yamldecode(output.text).write_files[0].content, "VOLUME=vol-0abc\n")
    error_message = substr(output.text, 0, 400)
  }

  assert {
    condition     = yamldecode(output.text).write_files[1].content == file("./riada-node")
    error_message = "riada-node did not arrive as it is"
  }
}

run "node_that_keeps_nothing" {
  command = plan
  variables { volume = "" }

  assert {
    condition     = strcontains(yamldecode(output.text).write_files[0].content, "VOLUME=\n")
    error_message = "an empty volume is told as such"
  }
}

run "refuses_more_than_ec2_takes" {
  command = plan
  variables { log_group = format("%16384s", "/demo") }
  expect_failures = [output.text]
}
