# EC2 instance types of nodes, the cheapest first.

output "types" {
  description = "Memory, and AWS's price in dollars a month on demand in us-east-1 in 2025."
  value = [
    { name = "t3.small", memory_mib = 2048, usd_month = 15 },
    { name = "t3.medium", memory_mib = 4096, usd_month = 30 },
    { name = "m7i.large", memory_mib = 8192, usd_month = 74 },
    { name = "m7i.xlarge", memory_mib = 16384, usd_month = 147 },
    { name = "m7i.2xlarge", memory_mib = 32768, usd_month = 294 },
    { name = "m7i.4xlarge", memory_mib = 65536, usd_month = 589 },
  ]
}
