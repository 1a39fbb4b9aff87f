"""python -m control_center.bench < '{"rows": 60000, "latency_s": 60}': a job of `api.jobs`."""

from __future__ import annotations

from control_center import report
from control_center.bench.run import bench

report.run(bench)
