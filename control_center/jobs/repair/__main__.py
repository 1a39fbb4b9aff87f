"""python -m control_center.jobs.repair < /dev/null: a job of `jobs.runner`."""

from __future__ import annotations

from control_center.jobs import protocol
from control_center.jobs.repair.run import repair

protocol.run(repair)
