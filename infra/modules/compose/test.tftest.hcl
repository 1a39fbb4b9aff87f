run "records" {
  command = plan

  module {
    source = "../record"
  }

  variables {
    services = {
      web-1 = {
        image       = "web", memory_mib = 64, ports = { http = 80 }, publish = { http = 8080 }
        environment = { PRICE = "5$", ZONE = null }, secrets = ["token"], volumes = { data = "/data" }
      }
    }
  }
}

run "containers" {
  command = plan

  module {
    source = "../containers"
  }

  variables {
    project     = "demo"
    secrets_dir = "/srv/secrets"
    images      = { web = "riada/web:1" }
    services    = run.records.services
  }

  assert {
    condition     = output.containers.web-1.mounts[1].source == "/srv/secrets/token" && output.containers.web-1.mounts[1].read_only
    error_message = "mounts: ${jsonencode(output.containers.web-1.mounts)}"
  }
}

run "text" {
  command = plan

  variables {
    machine = run.containers
  }

  assert {
    condition     = jsondecode(output.text).services.web-1.ports == ["127.0.0.1:8080:80"]
    error_message = "published ports must bind to the loopback"
  }

  assert {
    condition     = jsondecode(output.text).services.web-1.environment.PRICE == "5$$"
    error_message = "compose would read 5$ as a variable"
  }

  assert {
    condition     = contains(keys(jsondecode(output.text).services.web-1.environment), "ZONE") && jsondecode(output.text).services.web-1.environment.ZONE == null
    error_message = "a variable that the machine sets is named without a value"
  }

  assert {
    condition     = jsondecode(output.text).volumes.demo-data.name == "demo-data" && jsondecode(output.text).networks.default.name == "demo"
    error_message = "names of volumes and network must not depend on compose's project name"
  }

  assert {
    condition     = jsondecode(output.text).services.web-1.mem_limit == 67108864 && jsondecode(output.text).services.web-1.memswap_limit == 67108864
    error_message = "the limit is in bytes, and swap is off"
  }

  assert {
    condition = alltrue([
      jsondecode(output.text).services.web-1.read_only, jsondecode(output.text).services.web-1.pids_limit == 512,
      jsondecode(output.text).services.web-1.tmpfs == ["/tmp:rw,nosuid,nodev,noexec,size=64m,mode=1777,uid=10001,gid=10001"],
    ])
    error_message = "limits: ${jsonencode(jsondecode(output.text).services.web-1)}"
  }
}

run "network_of_the_machine" {
  command = plan

  variables {
    machine = merge(run.containers, { network = "host" })
  }

  assert {
    condition     = jsondecode(output.text).services.web-1.network_mode == "host" && !can(jsondecode(output.text).services.web-1.networks)
    error_message = "compose takes network_mode or networks, not both"
  }

  assert {
    condition     = length(jsondecode(output.text).networks) == 0
    error_message = "networks: ${jsonencode(jsondecode(output.text).networks)}"
  }
}
