"""The worker's answers as a status and a cause."""

from __future__ import annotations

import pytest

from capture.clients.connect import Run, Status


def answer(connector: str, *tasks: str, trace: str = "") -> dict[str, object]:
    return {
        "connector": {"state": connector, "worker_id": "connect:8083"},
        "tasks": [{"id": n, "state": state, "trace": trace} for n, state in enumerate(tasks)],
    }


@pytest.mark.parametrize(
    ("connector", "tasks", "run"),
    [
        ("RUNNING", ["RUNNING"], Run.RUNNING),
        ("RUNNING", [], Run.CHANGING),
        ("RUNNING", ["UNASSIGNED"], Run.PARTIAL),
        ("UNASSIGNED", ["RUNNING"], Run.PARTIAL),
        ("UNASSIGNED", ["UNASSIGNED"], Run.CHANGING),
        ("RUNNING", ["FAILED"], Run.FAILED),
        ("FAILED", [], Run.FAILED),
        ("PAUSED", ["PAUSED"], Run.ORDERED),
        ("STOPPED", [], Run.ORDERED),
        ("RUNNING", ["RESTARTING"], Run.CHANGING),
    ],
)
def test_state_of_connector_and_task(connector: str, tasks: list[str], run: Run) -> None:
    assert Status.of(answer(connector, *tasks)).run is run


def test_the_cause_is_the_first_line_and_the_innermost_cause() -> None:
    trace = "A: failed\n\tat x\nCaused by: B: why\n\tat y\nCaused by: C: really\n\tat z"
    assert (
        Status.of(answer("RUNNING", "FAILED", trace=trace)).cause
        == "A: failed Caused by: C: really"
    )
