"""python -m control_center.jobs.smoke_test < request.json: a job of `jobs.runner`."""

from __future__ import annotations

from contract.jobs.smoke_test import SmokeTestRequest
from control_center.jobs import job_protocol
from control_center.jobs.smoke_test.run import smoke_test

job_protocol.run(SmokeTestRequest, smoke_test)
