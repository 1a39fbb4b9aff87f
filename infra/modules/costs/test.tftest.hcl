run "small" {
  command = plan
  variables {
    instance_types = ["t3.small", "t3.medium"]
    disk_gib       = 100
    endpoints      = 15
  }

  assert {
    condition     = output.usd_month == 200 && output.class == "A"
    error_message = "15 + 30 + 9 + 112.5 + 25 is 200 in tens, class A; not ${output.usd_month}, ${output.class}"
  }
}

run "beyond_the_last_class" {
  command = plan
  variables {
    instance_types = [for n in range(20) : "m7i.4xlarge"]
    disk_gib       = 0
    endpoints      = 0
  }

  assert {
    condition     = output.class == "E"
    error_message = "class ${output.class}"
  }
}
