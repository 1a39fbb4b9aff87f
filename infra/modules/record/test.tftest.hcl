run "minimal" {
  command = plan
  variables { services = { web = { image = "web", memory_mib = 64 } } }

  assert {
    condition     = length(output.services.web.environment) == 0 && output.services.web.healthcheck.test == tolist(["CMD", "healthcheck"])
    error_message = "defaults: ${jsonencode(output.services.web)}"
  }
}

run "strict_unless_it_says_otherwise" {
  command = plan
  variables {
    services = {
      web = { image = "web", memory_mib = 64 }
      db  = { image = "db", memory_mib = 64, pids = 9, tmpfs = { "/run/db" = { size_mib = 8 }, "/tmp" = { exec = true } } }
    }
  }

  assert {
    condition     = output.services.web.pids == 512 && output.services.db.pids == 9
    error_message = "limits of processes: ${output.services.web.pids}, ${output.services.db.pids}"
  }

  assert {
    condition = jsonencode([output.services.web.tmpfs, output.services.db.tmpfs]) == jsonencode([
      { "/tmp" = { exec = false, size_mib = 64 } },
      { "/run/db" = { exec = false, size_mib = 8 }, "/tmp" = { exec = true, size_mib = 64 } },
    ])
    error_message = "folders in memory: ${jsonencode(output.services.web.tmpfs)}, ${jsonencode(output.services.db.tmpfs)}"
  }
}

run "waits" {
  command = plan
  variables { services = { web = { image = "web", memory_mib = 64, wait_for = ["db:1", "db:2"] } } }

  assert {
    condition     = output.services.web.environment == tomap({ WAIT_FOR = "db:1 db:2" })
    error_message = "environment: ${jsonencode(output.services.web.environment)}"
  }
}

run "who_connects_to_an_encrypted_service_gets_the_ca" {
  command = plan
  variables {
    services = {
      db-1   = { image = "db", memory_mib = 64, secrets = ["password"], certificate = true }
      client = { image = "web", memory_mib = 64, connects_to = { db = ["sql"] } }
      other  = { image = "web", memory_mib = 64, connects_to = { client = ["http"] } }
    }
  }

  assert {
    condition     = output.services.db-1.secrets == tolist(["password", "tls-db-1", "ca"])
    error_message = "the server: ${jsonencode(output.services.db-1.secrets)}"
  }

  assert {
    condition     = output.services.client.secrets == tolist(["ca"]) && length(output.services.other.secrets) == 0
    error_message = "clients: ${jsonencode(output.services.client.secrets)}, ${jsonencode(output.services.other.secrets)}"
  }
}

run "refuses_two_on_one_host_port" {
  command = plan
  variables {
    services = {
      a = { image = "web", memory_mib = 64, ports = { http = 80 }, publish = { http = 8080 } }
      b = { image = "web", memory_mib = 64, ports = { http = 80 }, publish = { http = 8080 } }
    }
  }
  expect_failures = [var.services]
}

run "refuses_publishing_an_unnamed_port" {
  command = plan
  variables { services = { a = { image = "web", memory_mib = 64, publish = { http = 8080 } } } }
  expect_failures = [var.services]
}

run "refuses_name_that_is_no_host_name" {
  command = plan
  variables { services = { a_b = { image = "web", memory_mib = 64 } } }
  expect_failures = [var.services]
}

run "refuses_reading_an_unnamed_volume" {
  command = plan
  variables { services = { a = { image = "web", memory_mib = 64, read_only = ["data"] } } }
  expect_failures = [var.services]
}
