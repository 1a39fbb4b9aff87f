"""GET /metrics: results of the probes and progress of the stream (docs/metrics.md)."""
