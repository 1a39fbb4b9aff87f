"""python -m control_center.jobs.compare < /dev/null: a job of `jobs.runner`."""

from __future__ import annotations

from control_center.jobs import protocol
from control_center.jobs.compare.run import compare

protocol.run(compare)
