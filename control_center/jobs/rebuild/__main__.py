"""python -m control_center.jobs.rebuild < request.json: a job of `jobs.runner`."""

from __future__ import annotations

from contract.jobs.rebuild import RebuildRequest
from control_center.jobs import job_protocol
from control_center.jobs.rebuild.run import rebuild

job_protocol.run(RebuildRequest, rebuild)
