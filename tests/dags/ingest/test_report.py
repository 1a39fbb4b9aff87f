"""The report of a run: its counts, how far its rows are, and a link to them."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest
from ingest import report
from ingest.report import Report

from contract.stream.driver_status import DriverState, DriverStatus, TableState, TableStatus
from tests.dags.tables import USERS

BEGAN = datetime(2026, 11, 27, 5, 46, 16, 900, tzinfo=timezone.utc)
PAGES = {"CONTROL_CENTER_PAGES": "http://127.0.0.1:9021/"}
PAGE = "http://127.0.0.1:9021/messages?table=users&since=2026-11-27+05%3A46%3A16"
RESULT = {"run": "seed", "fetched": 5_000, "stored": 4_990, "rejected": 7, "repeated": 3}
RUNS = TableStatus(TableState.RUNNING, "2026-11-27T05:00:00+00:00")


def of(streaming: TableStatus | None = RUNS, page: str = PAGE) -> Report:
    return Report(USERS, RESULT, 11.6, streaming, page)


def test_the_link_begins_with_the_run() -> None:
    assert report.page("users", BEGAN, PAGES) == PAGE
    assert report.page("users", BEGAN, {}) == ""


def test_the_lines() -> None:
    assert of().lines() == [
        "users: 5,000 items fetched, 4,990 rows stored, 7 items rejected, "
        "3 came twice in their page",
        "Kafka has every change on riada.public.users: 12 s after the last row",
        "Cassandra: the streaming job writes users (running)",
        f"the rows: {PAGE}",
    ]


def test_without_published_pages_the_report_says_where_to_look() -> None:
    assert of(page="").lines()[-1].endswith("make row TABLE=users KEY=…")


@pytest.mark.parametrize("state", [TableState.HALTED, TableState.RETRYING])
def test_a_query_that_does_not_run_is_named(state: TableState) -> None:
    status = TableStatus(state, "2026-11-27T05:00:00+00:00", "cassandra-1: does not answer")
    line = of(status).lines()[2]
    assert line.startswith(f"spark-driver: the query of users is {state.value} since 2026-11-27T05")
    assert "cassandra-1: does not answer. The rows wait on the topic" in line


def test_an_unknown_state_of_the_streaming_job() -> None:
    assert "make status" in of(None).lines()[2]


def test_the_value_that_the_task_returns() -> None:
    assert of().to_json() == RESULT | {"captured_s": 11.6, "streaming": "running", "page": PAGE}
    assert of(None, "").to_json()["streaming"] is None


def test_the_driver_s_status_is_read_from_the_artifacts(tmp_path: Path) -> None:
    assert report.streaming("users", tmp_path) is None
    status = DriverStatus.now(DriverState.RUNNING, "abc", "driver-1", tables={"users": RUNS})
    (tmp_path / "streaming-status.json").write_text(status.to_json())
    assert report.streaming("users", tmp_path) == RUNS
    assert report.streaming("orders", tmp_path) is None
    (tmp_path / "streaming-status.json").write_text("{")
    assert report.streaming("users", tmp_path) is None
