"""What to do so that exactly one driver runs, the release's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from contract.stream.application import SparkState
from stream.cluster import View

STOP_S = 60
"""A driver that should stop by itself is killed after this long."""
STRANGER_S = 180
"""So is one without an application whose release nobody knows: it may be starting."""


@dataclass(frozen=True)
class Step:
    """One thing to do, and why, in words for the log; `driver` is whom to kill."""

    do: Literal["nothing", "wait", "submit", "kill"]
    why: str
    driver: str = ""


def plan(view: View, release: str, submitted: str, waited_s: float) -> Step:
    """The next step.

    `submitted` is the driver that was submitted for this release last, if known: the master does
    not tell which driver an application belongs to, and a worker's death gives it another id.
    `waited_s`: how long the cluster has looked as it does now.
    """
    if view.status != SparkState.ALIVE:
        return Step("wait", f"the master is {view.status}")
    if not view.drivers:
        return Step("submit", "no driver lives")
    own, others = view.own(release), view.others(release)
    if own == 1 and len(view.drivers) == 1:
        return Step("nothing", f"{view.drivers[0]} runs")
    keep = submitted if submitted in view.drivers else view.drivers[0] if own else ""
    surplus = [driver for driver in view.drivers if driver != keep]
    if own > 1 and surplus:
        return Step("kill", f"{own} applications of this release: the newer one goes", surplus[-1])
    patience_s = STOP_S if view.apps else STRANGER_S
    if surplus and waited_s >= patience_s:
        return Step("kill", f"it has not stopped by itself in {patience_s} s", surplus[0])
    if others:
        return Step("wait", f"{', '.join(others)} is asked to stop")
    if surplus:
        return Step("wait", f"{', '.join(surplus)} is not of this release, or is starting")
    if not view.workers:
        return Step("wait", f"{keep} waits for a worker: none is registered")
    return Step("wait", f"{keep} has not registered its application yet")
