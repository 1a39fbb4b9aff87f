"""python -m control_center.jobs.erase < request.json: a job of `jobs.runner`."""

from __future__ import annotations

from contract.jobs.erase import EraseRequest
from control_center.jobs import job_protocol
from control_center.jobs.erase.run import erase

job_protocol.run(EraseRequest, erase)
