# Who connects to what, role by role: what the records' `reaches` say, with numbers from modules/ports.

locals {
  role_of_kind = merge(
    merge([for role, kinds in local.single : { for kind in kinds : kind => role }]...),
    { for role, _ in local.numbered : role => role },
  )

  reaches = distinct(flatten([
    for name, records in local.records : [
      for record in records : [
        for kind, ports in record.reaches : [
          for port in ports : {
            from = local.nodes[name].role
            to   = local.role_of_kind[kind]
            kind = kind
            port = port
          }
        ]
      ]
    ]
  ]))
}

output "reach" {
  description = "\"from-to-kind-port\" → {from, to (roles), first, last (ports), why}. A role with one node needs none to itself."
  value = {
    for reach in local.reaches : "${reach.from}-${reach.kind}-${reach.port}" => {
      from  = reach.from
      to    = reach.to
      first = module.ports.ports[reach.kind][reach.port]
      last  = module.ports.ports[reach.kind][reach.port] + try(module.ports.spans[reach.kind][reach.port], 1) - 1
      why   = "${reach.from} to ${reach.kind} ${reach.port}"
    } if reach.from != reach.to || contains(keys(local.numbered), reach.from)
  }
}
