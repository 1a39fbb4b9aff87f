"""python -m control_center.smoke_test < '{"people": 5000}': a job of `api.jobs`."""

from __future__ import annotations

from control_center import report
from control_center.smoke_test.run import smoke_test

report.run(smoke_test)
