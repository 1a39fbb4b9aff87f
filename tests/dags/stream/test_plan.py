"""Exactly one driver of the release: what is done about every other picture."""

from __future__ import annotations

import pytest
from stream.cluster import View
from stream.plan import STOP_S, STRANGER_S, plan

A, B, C = "driver-20261122120000-0000", "driver-20261122120500-0001", "driver-20261122121000-0000"


def view(
    *drivers: str, apps: tuple[str, ...] = (), status: str = "ALIVE", workers: int = 1
) -> View:
    return View(status, workers, drivers, apps)


@pytest.mark.parametrize(
    ("seen", "submitted", "waited_s", "do", "driver"),
    [
        # (view, driver submitted last, s since the picture changed) → step
        (view(status="RECOVERING"), "", 999, "wait", ""),
        (view(), "", 0, "submit", ""),
        (view(), A, 0, "submit", ""),
        (view(A, apps=("users-r2",)), A, 0, "nothing", ""),
        # a worker died and the master gave the driver a new id
        (view(B, apps=("users-r2",)), A, 0, "nothing", ""),
        # starting, or waiting for a worker: however long
        (view(A), A, STRANGER_S * 9, "wait", ""),
        (view(A, workers=0), A, STRANGER_S * 9, "wait", ""),
        # not ours: it stops by itself, or is made to
        (view(A), "", STRANGER_S - 1, "wait", ""),
        (view(A), "", STRANGER_S, "kill", A),
        (view(A, apps=("users-r1",)), "", 5, "wait", ""),
        (view(A, apps=("users-r1",)), "", STOP_S, "kill", A),
        # the old one beside the new one
        (view(A, B, apps=("users-r1",)), B, 5, "wait", ""),
        (view(A, B, apps=("users-r1",)), B, STOP_S, "kill", A),
        # two of the same name: the newer one goes
        (view(A, B, apps=("users-r2", "users-r2")), A, 0, "kill", B),
        (view(A, B, apps=("users-r2", "users-r2")), "", 0, "kill", B),
        (view(A, B, apps=("users-r2", "users-r2")), B, 0, "kill", A),
        # one of ours runs, the other waits for its lock
        (view(A, B, apps=("users-r2",)), A, STOP_S, "kill", B),
        (view(A, B, C, apps=("users-r2",)), A, STOP_S, "kill", B),
    ],
)
def test_plan(seen: View, submitted: str, waited_s: float, do: str, driver: str) -> None:
    step = plan(seen, "r2", submitted, waited_s)
    assert (step.do, step.driver) == (do, driver), step.why
    assert step.why


def test_a_missing_worker_is_named() -> None:
    assert "worker" in plan(view(A, workers=0), "r2", A, 0).why


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
        "activeapps": [{"name": "users-r2"}, {"name": "somebody's shell"}],
    }
    assert View.of(answer) == View("ALIVE", 1, (B, C), ("users-r2",))
