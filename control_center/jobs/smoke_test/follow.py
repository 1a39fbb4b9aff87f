"""Waiting for a stage: until all is there, or nothing moves any more."""

from __future__ import annotations

import time
from collections.abc import Callable

from contract.errors import UnreachableError
from control_center.health.diagnosis import Diagnosis, diagnose
from control_center.health.runner import Runner
from control_center.jobs import protocol
from control_center.jobs.smoke_test.checks import FellShortError

STALL_S = 75.0  # a killed driver needs 25 s to write again, a killed worker 60 s
SAY_S = 5.0


class Follower:
    """Follows a count up to a total; `runner` names the cause when it stands still."""

    def __init__(self, runner: Runner, stall_s: float = STALL_S, pause_s: float = 0.5) -> None:
        self._runner, self._stall_s, self._pause_s = runner, stall_s, pause_s

    def follow(self, stage: str, total: int, count: Callable[[], int], component: str) -> None:
        """Returns when count() reaches total; raises FellShortError when it stands still.

        `component` is to blame if every probe is content.
        """
        best, moved, said, banner = -1, time.monotonic(), 0.0, ""
        while True:
            try:
                now, banner = count(), ""
            except UnreachableError as error:
                now, banner = best, str(error)
            if now > best:
                best, moved = now, time.monotonic()
            if best >= total:
                protocol.progress(f"{stage}: {best:,} of {total:,}")
                return
            if time.monotonic() - said > SAY_S:
                said = time.monotonic()
                protocol.progress(f"{stage}: {max(best, 0):,} of {total:,} {banner}".rstrip())
            if time.monotonic() - moved > self._stall_s:
                raise FellShortError(self._cause(stage, best, total, component))
            time.sleep(self._pause_s)

    def _cause(self, stage: str, best: int, total: int, component: str) -> Diagnosis:
        still = f"{max(best, 0):,} of {total:,} people, and none more for {self._stall_s:.0f} s"
        found = diagnose(self._runner.run())
        if found is None:
            return Diagnosis(stage, component, f"{stage} has {still}; every probe is content")
        return Diagnosis(found.stage, found.component, f"{found.cause} ({stage} has {still})")
