"""python -m control_center.jobs.repair < request.json: a job of `jobs.runner`."""

from __future__ import annotations

from contract.jobs.repair import RepairRequest
from control_center.jobs import job_protocol
from control_center.jobs.repair.run import repair

job_protocol.run(RepairRequest, repair)
