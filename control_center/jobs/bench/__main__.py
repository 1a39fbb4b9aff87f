"""python -m control_center.jobs.bench < arguments.json: a job of `jobs.runner`."""

from __future__ import annotations

from control_center.jobs import protocol
from control_center.jobs.bench.run import bench

protocol.run(bench)
