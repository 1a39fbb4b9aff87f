"""GET /metrics: what probes found and how the stream gets on, for Prometheus (docs/metrics.md)."""
