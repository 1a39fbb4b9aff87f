"""python -m control_center.bench < arguments.json (as POST /api/bench): a job of `api.jobs`."""

from __future__ import annotations

from control_center import report
from control_center.bench.run import bench

report.run(bench)
