"""Decides the next step so that exactly one driver runs, that of the release's job."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from contract.stream.application import SparkState
from stream.cluster import ClusterState

# A driver that is to stop by itself is killed after this time.
STOP_GRACE_S = 60
# The same for a driver without an application and of unknown job: it may still be starting.
UNKNOWN_DRIVER_GRACE_S = 180


class Action(str, Enum):
    NOTHING = "nothing"
    WAIT = "wait"
    SUBMIT = "submit"
    KILL = "kill"


@dataclass(frozen=True)
class Step:
    """The next action, and its reason for the log. `driver` is the one to kill."""

    action: Action
    reason: str
    driver: str = ""

    def __str__(self) -> str:
        target = f" {self.driver}" if self.driver else ""
        return f"{self.action.value}{target}: {self.reason}"


def plan(state: ClusterState, job: str, submitted: str, unchanged_s: float) -> Step:
    """The next step.

    `submitted` is the driver that was submitted for this job last, if known: the master does
    not say which driver an application belongs to, and a driver gets another id when its worker
    dies. `unchanged_s` is for how long the cluster's state has been the same.
    """
    if state.status != SparkState.ALIVE:
        return Step(Action.WAIT, f"the master is {state.status}")
    if not state.drivers:
        return Step(Action.SUBMIT, "there is no live driver")
    own, others = state.own_applications(job), state.other_applications(job)
    if own == 1 and len(state.drivers) == 1:
        return Step(Action.NOTHING, f"{state.drivers[0]} runs")
    kept = _driver_to_keep(state, submitted, own)
    surplus = [driver for driver in state.drivers if driver != kept]
    if own > 1 and surplus:
        reason = f"this job has {own} applications, and the newer one is surplus"
        return Step(Action.KILL, reason, surplus[-1])
    grace_s = STOP_GRACE_S if state.applications else UNKNOWN_DRIVER_GRACE_S
    if surplus and unchanged_s >= grace_s:
        return Step(Action.KILL, f"it has not stopped by itself in {grace_s} s", surplus[0])
    if others:
        return Step(Action.WAIT, f"{', '.join(others)} is asked to stop")
    if surplus:
        return Step(Action.WAIT, f"{', '.join(surplus)} is of another job, or is starting")
    if not state.workers:
        return Step(Action.WAIT, f"{kept} waits for a worker, and none is registered")
    return Step(Action.WAIT, f"{kept} has not registered its application yet")


def _driver_to_keep(state: ClusterState, submitted: str, own_applications: int) -> str:
    """The submitted driver. If it no longer exists, the oldest driver, when the job has an
    application."""
    if submitted in state.drivers:
        return submitted
    return state.drivers[0] if own_applications else ""
