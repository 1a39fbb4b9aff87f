"""The results of the probes over time: how long a fault has lasted, and how many rows wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

from contract.health.diagnosis import Diagnosis
from contract.health.report import HealthReport
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from control_center.health.capture_backlog import CaptureBacklog
from control_center.health.diagnosis import diagnose, sentence, warnings
from control_center.health.runner import Runner


@dataclass(frozen=True)
class Snapshot:
    """The results at the time `at` (epoch seconds). `since_s`: seconds since the diagnosis names
    this stage. `rows_in_slot`: committed rows that are not on the topic, None if unknown."""

    at: float
    results: Sequence[ProbeResult]
    diagnosis: Diagnosis | None
    since_s: float
    rows_in_slot: int | None

    @property
    def sentence(self) -> str:
        return sentence(self.results, self.since_s, self.rows_in_slot)

    @property
    def state(self) -> ProbeState:
        """The worst state that the sentence mentions."""
        if self.diagnosis is not None:
            return ProbeState.FAIL
        return ProbeState.WARN if warnings(self.results) else ProbeState.OK

    @property
    def report(self) -> HealthReport:
        """The answer of GET /api/status."""
        return HealthReport(
            ok=self.diagnosis is None,
            sentence=self.sentence,
            since_s=round(self.since_s),
            rows_in_slot=self.rows_in_slot,
            diagnosis=self.diagnosis,
            probes=tuple(self.results),
        )


class HealthMonitor:
    """Runs all probes and keeps their results. Requests that come during a run share its
    results."""

    def __init__(self, runner: Runner, clock: Callable[[], float] = time.time) -> None:
        self.runner, self._clock = runner, clock
        self._lock = Lock()
        self._fault: tuple[str, float] | None = None  # first failed stage, and since when
        self._backlog = CaptureBacklog()
        self.last: Snapshot | None = None

    def refresh(self, max_age_s: float = 0.0) -> Snapshot:
        """A new snapshot, or the last one if it is younger than `max_age_s`."""
        last = self.last
        if last is not None and self._clock() - last.at < max_age_s:
            return last
        return self.record(self.runner.run())

    def record(self, results: list[ProbeResult]) -> Snapshot:
        """A snapshot of results that the caller has got from all probes."""
        with self._lock:
            self.last = self._evaluate(results)
            return self.last

    def _evaluate(self, results: list[ProbeResult]) -> Snapshot:
        now, rows_in_slot = self._clock(), self._backlog.waiting(results)
        results = self._backlog.fail_if_stuck(results, now)
        diagnosis = diagnose(results)
        if diagnosis is None:
            self._fault = None
        elif self._fault is None or self._fault[0] != diagnosis.stage:
            self._fault = (diagnosis.stage, now)
        since_s = now - self._fault[1] if self._fault else 0.0
        return Snapshot(now, results, diagnosis, since_s, rows_in_slot)
