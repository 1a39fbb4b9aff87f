resource "docker_network" "platform" {
  name = module.machine.network

  dynamic "labels" {
    for_each = module.machine.labels
    content {
      label = labels.key
      value = labels.value
    }
  }
}

resource "docker_volume" "data" {
  for_each = module.machine.volumes

  name = each.key

  dynamic "labels" {
    for_each = module.machine.labels
    content {
      label = labels.key
      value = labels.value
    }
  }
}

# All containers start at once; each waits for the services that it needs (WAIT_FOR).
resource "docker_container" "service" {
  for_each = module.machine.containers

  name     = each.value.name
  hostname = each.value.hostname
  image    = each.value.image
  command  = each.value.command
  env      = [for name, value in each.value.environment : "${name}=${value}" if value != null]
  restart  = each.value.restart

  read_only = each.value.read_only
  tmpfs     = each.value.tmpfs

  memory      = each.value.memory_mib
  memory_swap = each.value.memory_mib

  stop_timeout          = each.value.stop_grace_s
  destroy_grace_seconds = each.value.stop_grace_s

  security_opts = each.value.security_opts
  log_driver    = each.value.log_driver
  log_opts      = each.value.log_opts

  capabilities {
    drop = each.value.cap_drop
  }

  networks_advanced {
    name    = docker_network.platform.name
    aliases = [each.value.hostname]
  }

  healthcheck {
    test         = each.value.healthcheck.test
    interval     = each.value.healthcheck.interval
    timeout      = each.value.healthcheck.timeout
    retries      = each.value.healthcheck.retries
    start_period = each.value.healthcheck.start_period
  }

  dynamic "labels" {
    for_each = each.value.labels
    content {
      label = labels.key
      value = labels.value
    }
  }

  dynamic "mounts" {
    for_each = each.value.mounts
    content {
      type      = mounts.value.type
      source    = mounts.value.source
      target    = mounts.value.target
      read_only = mounts.value.read_only
    }
  }

  dynamic "ports" {
    for_each = each.value.ports
    content {
      ip       = ports.value.address
      external = ports.value.host_port
      internal = ports.value.container_port
    }
  }

  # The provider has no attribute for it.
  provisioner "local-exec" {
    command     = "docker update --pids-limit \"$PIDS\" \"$NAME\" >/dev/null"
    environment = { PIDS = each.value.pids, NAME = each.value.name }
  }

  depends_on = [docker_volume.data, terraform_data.images, terraform_data.secrets, terraform_data.certificates]
}
