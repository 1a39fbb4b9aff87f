"""From all results to one sentence: what fell short first, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from control_center.probes.result import Result, State


@dataclass(frozen=True)
class Diagnosis:
    """`stage` is the probe's name, `component` the service to act on, `cause` a sentence."""

    stage: str
    component: str
    cause: str

    def __str__(self) -> str:
        return f"{self.component}: {self.cause}"


def diagnose(results: Sequence[Result]) -> Diagnosis | None:
    """Invariant 4. The first failure; `results` stand in the order of dependency (PROBES), so it is

    the root cause and the failures after it may be its victims. None if nothing failed.
    """
    for result in results:
        if result.state is State.FAIL:
            return Diagnosis(result.name, result.component, result.summary)
    return None


def sentence(results: Sequence[Result]) -> str:
    """What a person wants to read first: the diagnosis, or how far behind the rows are."""
    found = diagnose(results)
    waiting = next((r.evidence.get("waiting") for r in results if r.name == "lag"), None)
    if found is not None:
        queued = f"; {waiting:,} rows wait on the topic" if waiting and found.stage != "lag" else ""
        return f"{found}{queued}"
    for result in results:
        if result.name == "lag":
            return result.summary
    return "every component answers"
