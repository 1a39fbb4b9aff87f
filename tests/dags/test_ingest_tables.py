"""A scheduled run is skipped while an earlier one reads its source, not while that run waits."""

from __future__ import annotations

from typing import Any

import pytest


class EarlierRun:
    """A task instance of the same DAG. `state`: of the earlier run's task that reads; "absent": it
    has none."""

    dag_id = "ingest_users"

    def __init__(self, state: str | None) -> None:
        self.state = state

    def get_task_states(self, dag_id: str, task_ids: list[str], run_ids: list[str]) -> Any:
        assert (dag_id, task_ids, run_ids) == ("ingest_users", ["ingest"], ["scheduled__1"])
        return {} if self.state == "absent" else {"scheduled__1": {"ingest": self.state}}


@pytest.mark.parametrize(
    ("state", "reads"),
    [
        ("running", True),
        ("up_for_retry", True),
        ("queued", True),
        (None, True),
        ("absent", True),
        ("success", False),
        ("failed", False),
        ("skipped", False),
    ],
)
def test_a_run_that_waits_for_capture_does_not_read(state: str | None, reads: bool) -> None:
    from ingest_tables import _still_reads

    assert _still_reads(EarlierRun(state), "scheduled__1") is reads


def test_a_run_of_an_earlier_release_is_not_checked() -> None:
    """It may still read when this release is deployed, and then has no position."""
    from airflow.sdk.exceptions import AirflowSkipException
    from ingest_tables import CheckCapture

    check = CheckCapture(task_id="check_capture", table="users", result={"stored": 5})
    with pytest.raises(AirflowSkipException):
        check.poke({})
