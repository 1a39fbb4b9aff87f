"""The probes' answers over time: since when is a fault there, how many rows wait in the slot?"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from contract.kafka.capture import Progress
from control_center.health.diagnosis import Diagnosis, diagnose, sentence, warnings
from control_center.health.probes import slot as probe
from control_center.health.result import ProbeResult, ProbeState
from control_center.health.runner import Runner

STUCK_S = 20.0
"""Debezium's heartbeat comes every 10 s, and is confirmed within 5."""

AFTER = ("topic", "spark", "cassandra", "driver", "lag")
"""Probes whose failure keeps nothing from coming to the topic."""

CAUGHT_UP_BYTES = 1 << 16
"""With less than this unconfirmed by the slot's reader, every committed row is on the topic."""


@dataclass(frozen=True)
class Snapshot:
    """What was found at `at` (epoch seconds). `since_s`: how long the diagnosis has been the same
    stage's, `in_slot`: committed rows that are not on the topic, None if that is not known."""

    at: float
    results: list[ProbeResult]
    diagnosis: Diagnosis | None
    since_s: float
    in_slot: int | None

    @property
    def sentence(self) -> str:
        return sentence(self.results, self.since_s, self.in_slot)

    @property
    def state(self) -> ProbeState:
        """The worst that the sentence tells of."""
        if self.diagnosis is not None:
            return ProbeState.FAIL
        return ProbeState.WARN if warnings(self.results) else ProbeState.OK

    def evidence(self, probe: str) -> dict[str, Any]:
        return next((one.evidence for one in self.results if one.name == probe), {})


class HealthMonitor:
    """Asks all probes, and remembers. Questions that come meanwhile share the answer."""

    def __init__(self, runner: Runner, clock: Callable[[], float] = time.time) -> None:
        self.runner, self._clock = runner, clock
        self._lock = Lock()
        self._fault: tuple[str, float] | None = None
        self._slot = CaptureBacklog()
        self.last: Snapshot | None = None

    def look(self, at_most_s: float = 0.0) -> Snapshot:
        """A new look, or the last one if it is not older than `at_most_s`."""
        last = self.last
        if last is not None and self._clock() - last.at < at_most_s:
            return last
        return self.take(self.runner.run())

    def take(self, results: list[ProbeResult]) -> Snapshot:
        """Remembers what somebody else asked all probes for."""
        with self._lock:
            self.last = self._evaluate(results)
            return self.last

    def _evaluate(self, results: list[ProbeResult]) -> Snapshot:
        now, waiting = self._clock(), self._slot.waiting(results)
        results = self._slot.stuck(results, now)
        found = diagnose(results)
        if found is None:
            self._fault = None
        elif self._fault is None or self._fault[0] != found.stage:
            self._fault = (found.stage, now)
        since_s = now - self._fault[1] if self._fault else 0.0
        return Snapshot(now, results, found, since_s, waiting)


class CaptureBacklog:
    """Rows between PostgreSQL and the topic: what PostgreSQL counted since the last moment when all
    of it was on the topic, less what came to the topic since."""

    def __init__(self) -> None:
        self._difference: int | None = None
        self._progress = Progress()

    def waiting(self, results: Sequence[ProbeResult]) -> int | None:
        """None until there was such a moment, while one of the two does not answer, and while
        changes are not published: those are lost."""
        evidence = {result.name: result.evidence for result in results}
        slot, ends = evidence.get("slot", {}), evidence.get("topic", {}).get("end_offsets")
        changes, unconfirmed = slot.get("changes"), slot.get("unconfirmed_bytes")
        if changes is None or not ends or not slot.get("published", True):
            return None
        difference = changes - sum(ends.values())
        if slot.get("active") and (unconfirmed or 0) < CAUGHT_UP_BYTES:
            self._difference = difference
        return None if self._difference is None else max(0, difference - self._difference)

    def stuck(self, results: list[ProbeResult], now: float) -> list[ProbeResult]:
        """The results; the slot's fails if it is read and nothing comes of it: a task may be
        RUNNING for ever whose producer has died, or whose messages the topic refuses."""
        evidence = {result.name: result.evidence for result in results}
        slot, ends = evidence.get("slot", {}), evidence.get("topic", {}).get("end_offsets") or {}
        names = [result.name for result in results if result.state is ProbeState.FAIL]
        known = slot.get("active") and slot.get("confirmed_flush_lsn") and ends
        if not known or any(name not in AFTER for name in names):
            self._progress.reset()
            return results
        since_s = self._progress.stuck_s(slot["confirmed_flush_lsn"], sum(ends.values()), now)
        if since_s < STUCK_S:
            return results
        summary = (
            f"Connect has brought nothing to Kafka for {since_s:.0f} s though its task is RUNNING: "
            "make logs S=connect tells why; it is restarted by itself within 2 minutes"
        )
        return [
            replace(one, state=ProbeState.FAIL, summary=summary, component="connect")
            if one.name == probe.NAME and one.state is not ProbeState.FAIL
            else one
            for one in results
        ]
