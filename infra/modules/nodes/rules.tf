# Firewall rules between roles: the records' `connects_to`, with port numbers from modules/ports.

locals {
  role_of_kind = merge([for role, of in var.placement.roles : { for kind in of.kinds : kind => role }]...)

  connections = distinct(flatten([
    for name, records in local.records : [
      for record in records : [
        for kind, ports in record.connects_to : [
          for port in ports : {
            from = var.placement.nodes[name].role
            to   = local.role_of_kind[kind]
            kind = kind
            port = port
          }
        ]
      ]
    ]
  ]))
}

output "rules" {
  description = "\"from-kind-port\" → {from, to (roles), first, last (ports), description}. A role with one node needs no rule to itself."
  value = {
    for connection in local.connections : "${connection.from}-${connection.kind}-${connection.port}" => {
      from        = connection.from
      to          = connection.to
      first       = module.ports.ports[connection.kind][connection.port]
      last        = module.ports.ports[connection.kind][connection.port] + try(module.ports.port_ranges[connection.kind][connection.port], 1) - 1
      description = "${connection.from} to ${connection.kind} ${connection.port}"
    } if connection.from != connection.to || var.placement.roles[connection.from].numbered
  }
}
