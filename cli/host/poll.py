"""The polling loop of all commands."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from cli.host.output import progress

T = TypeVar("T")
REPORT_INTERVAL_S = 5.0


def poll_until(
    attempt: Callable[[], T | None],
    limit_s: float,
    interval_s: float | Callable[[], float] = 1.0,
    report: Callable[[], str] | None = None,
) -> T | None:
    """Call `attempt` until it returns something; None if it did not within `limit_s` seconds.

    `interval_s` is the pause between two attempts; a function is called after each attempt, for a
    server that names its own pause. `report` returns a line of progress, printed every 5 s.
    """
    began = reported = time.monotonic()
    while True:
        result = attempt()
        if result is not None:
            return result
        pause_s = interval_s() if callable(interval_s) else interval_s
        now = time.monotonic()
        if now + pause_s - began > limit_s:
            return None
        if report is not None and now - reported > REPORT_INTERVAL_S:
            progress(report())
            reported = now
        time.sleep(pause_s)
