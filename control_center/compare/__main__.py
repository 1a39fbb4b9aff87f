"""python -m control_center.compare < /dev/null: a job of `api.jobs`."""

from __future__ import annotations

from control_center import report
from control_center.compare.run import compare

report.run(compare)
