"""Rows that a table had before its capture must come to the topic."""

from __future__ import annotations

import pytest

from contract.health.details.base import ProbeDetails
from contract.health.details.capture import CaptureDetails
from contract.health.details.postgres import PostgresDetails, PostgresTable
from contract.health.details.topic import TableTopic, TopicDetails
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from control_center.health.diagnosis import sentence
from control_center.health.snapshot_progress import STALLED_S, SnapshotProgress

ROWS = {"orders": 1000, "users": 50}


def results(
    state: ProbeState = ProbeState.OK,
    captured: tuple[str, ...] = ("orders", "users"),
    **messages: int,
) -> list[ProbeResult]:
    """`messages`: table → those on its topic; PostgreSQL holds ROWS. `state`: of capture."""
    tables = {name: PostgresTable(True, rows_estimate=rows) for name, rows in ROWS.items()}
    details: dict[str, ProbeDetails] = {
        "postgres": PostgresDetails("0/1", "", 9, 100, "logical", tables),
        "capture": CaptureDetails(1, "first", "2026-11-26", dict.fromkeys(ROWS, 1), captured),
        "topic": TopicDetails({name: TableTopic({"0": end}) for name, end in messages.items()}),
    }
    return [
        ProbeResult(name, state if name == "capture" else ProbeState.OK, "fine", name, item)
        for name, item in details.items()
    ]


def capture_of(checked: list[ProbeResult]) -> ProbeResult:
    return next(result for result in checked if result.name == "capture")


@pytest.mark.parametrize("orders", [1000, 950, 5000])
def test_all_rows_are_on_the_topic(orders: int) -> None:
    """PostgreSQL estimates the number of rows; a row may have many messages."""
    before = results(orders=orders, users=50)
    assert SnapshotProgress().check(before, 0) == before


def test_a_table_whose_rows_do_not_come_is_named() -> None:
    progress = SnapshotProgress()
    for seconds, state in ((0, ProbeState.WARN), (STALLED_S, ProbeState.FAIL)):
        result = capture_of(progress.check(results(orders=0, users=50), seconds))
        assert result.state is state
        assert result.component == "connect"
        assert result.summary.startswith("orders has existing rows that are being read: 0 messages")
        assert result.summary.endswith("; 1 other table delivers")


def test_rows_that_come_slowly_are_no_failure() -> None:
    progress = SnapshotProgress()
    for step in range(4):
        now = step * (STALLED_S - 1)
        result = capture_of(progress.check(results(orders=step, users=50), now))
        assert result.state is ProbeState.WARN
    assert capture_of(progress.check(results(orders=1000, users=50), 999)).summary == "fine"
    again = capture_of(progress.check(results(orders=3, users=50), 9999))
    assert again.state is ProbeState.WARN, "the time begins again"


def test_a_table_whose_capture_has_not_begun_is_left_out() -> None:
    before = results(captured=("users",), orders=0, users=50)
    assert SnapshotProgress().check(before, 0) == before


def test_a_failure_of_the_probe_stays() -> None:
    before = results(ProbeState.FAIL, orders=0, users=50)
    assert SnapshotProgress().check(before, 0) == before


def test_without_an_answer_of_kafka_nothing_is_known() -> None:
    before = results(orders=0)[:2]
    assert SnapshotProgress().check(before, 0) == before


def test_the_sentence_does_not_say_that_all_rows_are_delivered() -> None:
    lag = ProbeResult("lag", ProbeState.OK, "all rows of 2 tables delivered", "spark-driver")
    before = [*results(orders=0, users=50), lag]
    text = sentence(SnapshotProgress().check(before, 0))
    assert text.startswith("existing rows of orders are being read; connect: orders has existing")
    assert "delivered" not in text
    assert sentence([*results(orders=1000, users=50), lag]) == "all rows of 2 tables delivered"
