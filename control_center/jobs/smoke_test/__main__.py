"""python -m control_center.jobs.smoke_test < '{"people": 5000}': a job of `jobs.runner`."""

from __future__ import annotations

from control_center.jobs import protocol
from control_center.jobs.smoke_test.run import smoke_test

protocol.run(smoke_test)
