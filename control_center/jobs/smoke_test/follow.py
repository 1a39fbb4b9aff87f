"""Waits for a stage until all rows have arrived or the count stops growing."""

from __future__ import annotations

import time
from collections.abc import Callable

from contract.errors import UnreachableError
from contract.health.diagnosis import Diagnosis
from control_center.health.diagnosis import diagnose
from control_center.health.runner import Runner
from control_center.jobs import job_protocol
from control_center.jobs.smoke_test.checks import CheckFailedError

STALL_S = 75.0  # a killed driver needs 25 s to write again, a killed worker 60 s
PROGRESS_INTERVAL_S = 5.0


class Follower:
    """Follows a count up to a total; `runner` finds the cause when the count stops growing."""

    def __init__(self, runner: Runner, stall_s: float = STALL_S, pause_s: float = 0.5) -> None:
        self._runner, self._stall_s, self._pause_s = runner, stall_s, pause_s

    def follow(self, stage: str, total: int, count: Callable[[], int], component: str) -> None:
        """Returns when count() reaches total. Raises CheckFailedError when it has not grown for
        `stall_s`, with the failed probe as the cause, or `component` if no probe fails. If `count`
        raises UnreachableError, it is called again."""
        best, grown_at, progress_at, unreachable = -1, time.monotonic(), 0.0, ""
        while True:
            try:
                current, unreachable = count(), ""
            except UnreachableError as error:
                current, unreachable = best, str(error)
            if current > best:
                best, grown_at = current, time.monotonic()
            if best >= total:
                job_protocol.progress(f"{stage}: {best:,} of {total:,}")
                return
            if time.monotonic() - progress_at > PROGRESS_INTERVAL_S:
                progress_at = time.monotonic()
                text = f"{stage}: {max(best, 0):,} of {total:,} {unreachable}"
                job_protocol.progress(text.rstrip())
            if time.monotonic() - grown_at > self._stall_s:
                raise CheckFailedError(self._diagnosis(stage, best, total, component))
            time.sleep(self._pause_s)

    def _diagnosis(self, stage: str, best: int, total: int, component: str) -> Diagnosis:
        count = f"{max(best, 0):,} of {total:,} rows, and no more came for {self._stall_s:.0f} s"
        cause = diagnose(self._runner.run())
        if cause is None:
            return Diagnosis(stage, component, f"{stage} has {count}; no probe fails")
        return Diagnosis(cause.stage, cause.component, f"{cause.cause} ({stage} has {count})")
