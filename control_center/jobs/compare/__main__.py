"""python -m control_center.jobs.compare < request.json: a job of `jobs.runner`."""

from __future__ import annotations

from contract.jobs.compare import CompareRequest
from control_center.jobs import job_protocol
from control_center.jobs.compare.run import compare

job_protocol.run(CompareRequest, compare)
