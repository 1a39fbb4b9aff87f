locals {
  zookeepers = [for n in range(1, var.zookeepers + 1) : "zookeeper-${n}"]

  zookeeper_addresses = [for name in local.zookeepers : "${local.host[name]}:${local.ports.zookeeper.client}"]

  zookeeper_services = {
    for index, name in local.zookeepers : name => {
      image = "zookeeper"
      environment = {
        ZOOKEEPER_ID      = index + 1
        ZOOKEEPER_SERVERS = join(" ", [for name in local.zookeepers : local.host[name]])
        HEAP              = "${var.heap_mib.zookeeper}m"
      }
      volumes     = { (name) = "/var/lib/zookeeper" }
      ports       = local.ports.zookeeper
      connects_to = { zookeeper = ["client", "follower", "election"] }
      memory_mib  = var.memory_mib.zookeeper
      in_sync     = ["replicas-in-sync"]
      leads       = ["sh", "-c", "serves localhost | grep -q leader"]
    }
  }
}
