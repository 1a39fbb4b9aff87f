"""python -m control_center.jobs.bench < request.json: a job of `jobs.runner`."""

from __future__ import annotations

from contract.jobs.bench import BenchRequest
from control_center.jobs import job_protocol
from control_center.jobs.bench.run import bench

job_protocol.run(BenchRequest, bench)
