"""GET /metrics: the results of the probes and the progress of the stream (docs/metrics.md)."""
