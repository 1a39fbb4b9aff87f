variables {
  project     = "demo"
  secrets_dir = "/srv/secrets"
  images      = { web = "riada/web:1" }
}

# Records as modules/record completes them.
run "web" {
  command = plan
  module { source = "../record" }
  variables { services = { web = { image = "web", memory_mib = 64 } } }
}

run "slow" {
  command = plan
  module { source = "../record" }
  variables { services = { web = { image = "web", memory_mib = 64, healthcheck = { interval_s = 10, timeout_s = 60, start_period_s = 150 } } } }
}

run "reader" {
  command = plan
  module { source = "../record" }
  variables {
    services = { web = { image = "web", memory_mib = 64, volumes = { code = "/code", data = "/data" }, read_only = ["code"] } }
  }
}

run "labels_what_it_owns" {
  command = plan
  variables { services = run.web.services }

  assert {
    condition     = output.containers.web.labels["riada.project"] == "demo" && output.containers.web.labels["riada.service"] == "web"
    error_message = "labels: ${jsonencode(output.containers.web.labels)}"
  }
}

run "names_the_installation" {
  command = plan
  variables {
    services = { web = merge(run.web.services.web, { environment = { PROJECT = "{project}", URL = null, HEAP = "64m" } }) }
  }

  assert {
    condition     = jsonencode(output.containers.web.environment) == jsonencode({ PROJECT = "demo", URL = null, HEAP = "64m" })
    error_message = "environment: ${jsonencode(output.containers.web.environment)}"
  }
}

run "writes_durations_as_docker_does" {
  command = plan
  variables { services = run.slow.services }

  assert {
    condition = output.containers.web.healthcheck == {
      test = tolist(["CMD", "healthcheck"]), retries = 3, interval = "10s", timeout = "1m0s", start_period = "2m30s"
    }
    error_message = "health check: ${jsonencode(output.containers.web.healthcheck)}"
  }
}

run "refuses_image_without_dockerfile" {
  command = plan
  variables {
    services = run.web.services
    images   = {}
  }
  expect_failures = [output.containers]
}

run "refuses_relative_secrets_dir" {
  command = plan
  variables {
    services    = run.web.services
    secrets_dir = "secrets"
  }
  expect_failures = [var.secrets_dir]
}

run "refuses_project_with_spaces" {
  command = plan
  variables {
    services = run.web.services
    project  = "My Platform"
  }
  expect_failures = [var.project]
}

run "refuses_network_of_another_name" {
  command = plan
  variables {
    services = run.web.services
    network  = "bridge"
  }
  expect_failures = [var.network]
}

run "mounts_read_only_volumes_read_only" {
  command = plan
  variables { services = run.reader.services }

  assert {
    condition     = { for mount in output.containers.web.mounts : mount.target => mount.read_only } == { "/code" = true, "/data" = false }
    error_message = "mounts: ${jsonencode(output.containers.web.mounts)}"
  }
}

run "every_root_file_system_is_read_only" {
  command = plan
  variables { services = run.reader.services }

  assert {
    condition     = output.containers.web.read_only && output.containers.web.tmpfs == { "/tmp" = "rw,nosuid,nodev,noexec,size=64m,mode=1777,uid=10001,gid=10001" }
    error_message = "web: ${jsonencode(output.containers.web)}"
  }

  assert {
    condition = output.containers.web.pids == 512 && output.containers.web.labels["riada.pids"] == "512" && jsondecode(
      output.containers.web.labels["riada.tmpfs"]
    ) == { "/tmp" = { exec = false, size_mib = 64 } }
    error_message = "a changed limit must replace the container of the provider: ${jsonencode(output.containers.web.labels)}"
  }
}
