"""From all results to one sentence: what fell short first, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from control_center.health.result import ProbeResult, ProbeState


@dataclass(frozen=True)
class Diagnosis:
    """`stage` is the probe's name, `component` the service to act on, `cause` a sentence."""

    stage: str
    component: str
    cause: str

    def __str__(self) -> str:
        return about(self.component, self.cause)


def diagnose(results: Sequence[ProbeResult]) -> Diagnosis | None:
    """Invariant 4. The first failure; `results` stand in the order of dependency (PROBES), so it is

    the root cause and the failures after it may be its victims. None if nothing failed.
    """
    for result in results:
        if result.state is ProbeState.FAIL:
            return Diagnosis(result.name, result.component, result.summary)
    return None


def warnings(results: Sequence[ProbeResult]) -> list[ProbeResult]:
    """What wants a look. After a failure nothing: that may be its victim, as whatever stands before
    it may be its cause."""
    found = []
    for result in results:
        if result.state is ProbeState.FAIL:
            break
        if result.state is ProbeState.WARN:
            found.append(result)
    return found


def sentence(
    results: Sequence[ProbeResult], since_s: float = 0.0, in_slot: int | None = None
) -> str:
    """What a person wants to read first: the diagnosis, for how long and what waits meanwhile; or
    how far behind the rows are; then what only wants a look. `in_slot`: committed rows that are not
    on the topic, if known."""
    found = diagnose(results)
    evidence = {result.name: result.evidence for result in results}
    noted = [about(one.component, one.summary) for one in warnings(results)]
    if found is None:
        lag = next((r.summary for r in results if r.name == "lag"), "every component answers")
        return "; ".join([lag, *noted])
    parts = [str(found)]
    if since_s >= 60:
        parts.append(f"for {duration(since_s)}")
    if in_slot:
        parts.append(f"{in_slot:,} rows wait in the slot")
    waiting = evidence.get("lag", {}).get("waiting")
    if waiting and found.stage != "lag":
        parts.append(f"{waiting:,} rows wait on the topic")
    return "; ".join([*parts, *noted])


def about(component: str, finding: str) -> str:
    """The finding behind its component, unless it begins with that."""
    return finding if finding.startswith(component) else f"{component}: {finding}"


def duration(seconds: float) -> str:
    """75 → "1 min", 7,300 → "2 h 1 min"."""
    minutes = int(seconds // 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
