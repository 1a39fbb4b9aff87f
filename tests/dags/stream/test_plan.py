"""The next step for every state of the cluster that is not exactly one driver of the job."""

from __future__ import annotations

import pytest
from stream.cluster import ClusterState
from stream.plan import STOP_GRACE_S, UNKNOWN_DRIVER_GRACE_S, Action, plan

A, B, C = "driver-20261122120000-0000", "driver-20261122120500-0001", "driver-20261122121000-0000"


def state(
    *drivers: str, apps: tuple[str, ...] = (), status: str = "ALIVE", workers: int = 1
) -> ClusterState:
    return ClusterState(status, workers, drivers, apps)


@pytest.mark.parametrize(
    ("cluster", "submitted", "unchanged_s", "action", "driver"),
    [
        # (state, driver submitted last, s since the state changed) → step
        (state(status="RECOVERING"), "", 999, "wait", ""),
        (state(), "", 0, "submit", ""),
        (state(), A, 0, "submit", ""),
        (state(A, apps=("stream-j2",)), A, 0, "nothing", ""),
        # a worker died and the master gave the driver a new id
        (state(B, apps=("stream-j2",)), A, 0, "nothing", ""),
        # starting, or waiting for a worker, however long
        (state(A), A, UNKNOWN_DRIVER_GRACE_S * 9, "wait", ""),
        (state(A, workers=0), A, UNKNOWN_DRIVER_GRACE_S * 9, "wait", ""),
        # of another job: it stops by itself, or is killed
        (state(A), "", UNKNOWN_DRIVER_GRACE_S - 1, "wait", ""),
        (state(A), "", UNKNOWN_DRIVER_GRACE_S, "kill", A),
        (state(A, apps=("stream-j1",)), "", 5, "wait", ""),
        (state(A, apps=("stream-j1",)), "", STOP_GRACE_S, "kill", A),
        # the driver of the old job beside that of the new one
        (state(A, B, apps=("stream-j1",)), B, 5, "wait", ""),
        (state(A, B, apps=("stream-j1",)), B, STOP_GRACE_S, "kill", A),
        # two of this job: the newer one is surplus
        (state(A, B, apps=("stream-j2", "stream-j2")), A, 0, "kill", B),
        (state(A, B, apps=("stream-j2", "stream-j2")), "", 0, "kill", B),
        (state(A, B, apps=("stream-j2", "stream-j2")), B, 0, "kill", A),
        # one of this job runs, the other one is starting
        (state(A, B, apps=("stream-j2",)), A, STOP_GRACE_S, "kill", B),
        (state(A, B, C, apps=("stream-j2",)), A, STOP_GRACE_S, "kill", B),
    ],
)
def test_plan(
    cluster: ClusterState, submitted: str, unchanged_s: float, action: Action, driver: str
) -> None:
    step = plan(cluster, "j2", submitted, unchanged_s)
    assert (step.action, step.driver) == (action, driver), step.reason
    assert step.reason


def test_a_missing_worker_is_named() -> None:
    assert "worker" in plan(state(A, workers=0), "j2", A, 0).reason


def test_view_leaves_out_ghosts_and_others_applications() -> None:
    """Shape of the master's /json/, cut to what is read."""
    answer = {
        "status": "ALIVE",
        "workers": [{"state": "ALIVE"}, {"state": "DEAD"}],
        "activedrivers": [
            {"id": B, "state": "RUNNING"},
            {"id": A, "state": "RELAUNCHING"},
            {"id": C, "state": "SUBMITTED"},
        ],
        "activeapps": [{"name": "stream-j2"}, {"name": "somebody's shell"}],
    }
    assert ClusterState.from_json(answer) == ClusterState("ALIVE", 1, (B, C), ("stream-j2",))
