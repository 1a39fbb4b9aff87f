"""python -m control_center.repair < /dev/null: a job of `api.jobs`."""

from __future__ import annotations

from control_center import report
from control_center.repair.run import repair

report.run(repair)
