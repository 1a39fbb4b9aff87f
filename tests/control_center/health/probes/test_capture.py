"""Capture: existing rows are read, and an epoch is a warning until a comparison has found all
tables equal in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract.health.details.capture import CaptureDetails, TableCapture
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from contract.kafka.capture import Capture, CapturedTable, State, key
from contract.kafka.topics import CAPTURE
from control_center.health.probes.capture import (
    SLOW_S,
    captures,
    evaluate,
    failures,
    is_uncaptured,
    newest_record,
)
from tests.control_center.in_memory_clients import InMemoryClients, InMemoryMessage

BEGAN = "2026-11-22T12:00:00+00:00"
READ = TableCapture(1, 1, requested=True, requested_s=900.0, read=True)
READING = replace(READ, read=False, requested_s=7.0)


def result(epoch: int, **tables: TableCapture) -> ProbeResult:
    return evaluate(CaptureDetails(epoch, "the slot was lost", BEGAN, tables))


@pytest.mark.parametrize(
    ("epoch", "added_epoch", "verified_epoch", "state"),
    [
        (1, 1, 0, ProbeState.OK),
        (2, 1, 0, ProbeState.WARN),
        (3, 1, 2, ProbeState.WARN),
        (3, 1, 3, ProbeState.OK),
        (3, 3, 0, ProbeState.OK),
        (4, 3, 0, ProbeState.WARN),
    ],
    ids=["the first", "never compared", "compared before", "compared since", "new", "not new"],
)
def test_an_epoch(epoch: int, added_epoch: int, verified_epoch: int, state: ProbeState) -> None:
    table = replace(READ, added_epoch=added_epoch, verified_epoch=verified_epoch)
    answer = result(epoch, users=table)
    assert answer.state is state
    assert ("make repair" in answer.summary) == (state is ProbeState.WARN)


def test_the_table_that_was_not_compared_is_named() -> None:
    compared = replace(READ, verified_epoch=3)
    answer = result(3, a=compared, b=replace(READ, verified_epoch=2), c=compared)
    assert "rows of b that were deleted" in answer.summary
    assert answer.summary.endswith("; 2 other tables are equal")


def test_a_table_that_was_not_captured_for_some_time_is_compared() -> None:
    """Rows that were deleted meanwhile sent no event."""
    answer = result(1, orders=replace(READ, uncaptured=True), users=READ)
    assert answer.state is ProbeState.WARN
    assert answer.summary.startswith("rows of orders that were deleted")
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    assert is_uncaptured(early, None) and is_uncaptured(late, early)
    assert not is_uncaptured(early, late) and not is_uncaptured(None, None)


@pytest.mark.parametrize(
    ("table", "state", "words"),
    [
        (READING, ProbeState.OK, "; existing rows of orders are being read"),
        (replace(READING, requested_s=SLOW_S + 1), ProbeState.WARN, "been read for 5 minutes"),
        (replace(READING, failure="UNKNOWN_SCHEMA"), ProbeState.WARN, "read (UNKNOWN_SCHEMA)"),
        (TableCapture(), ProbeState.WARN, "are not requested yet"),
        (replace(READ, failure="an old one"), ProbeState.OK, f"epoch 1 since {BEGAN}"),
    ],
)
def test_existing_rows(table: TableCapture, state: ProbeState, words: str) -> None:
    answer = result(1, orders=table, users=READ)
    assert answer.state is state
    assert words in answer.summary
    if state is ProbeState.WARN:
        assert answer.summary.startswith("orders has existing rows")
        assert answer.summary.endswith("; 1 other table is captured")


def test_nothing_is_captured_yet() -> None:
    answer = evaluate(None)
    assert (answer.state, answer.details) == (ProbeState.WARN, None)


def test_rows_of_postgresql() -> None:
    rows = [("users", 1, 3, 9.0, True, None), ("orders", 2, 2, 99.0, True, "x"), ("old", 1, 3)]
    assert captures(rows, {"events": 0, "orders": 2, "users": 3}, 3, {"users": "y"}) == {
        "events": TableCapture(),
        "orders": TableCapture(2, 2, False, 99.0, False, "x"),
        "users": TableCapture(1, 3, True, 9.0, True, "y"),
    }


def test_the_failures_of_the_newest_record() -> None:
    tables = {
        "orders": CapturedTable("public.orders", "id", (), False, "UNKNOWN_SCHEMA"),
        "users": CapturedTable("public.users", "id", (), True),
    }
    record = Capture(1, State.CAPTURING, "1", "1", 7, 7, BEGAN, BEGAN, "first", tables=tables)
    assert failures(record) == {"orders": "UNKNOWN_SCHEMA"}
    assert failures(None) == {}


# --- other databases -----------------------------------------------------------------------------


def test_the_epoch_of_another_database() -> None:
    """Each database has epochs of its own."""
    shop = CaptureDetails(4, "the slot of shop was lost", BEGAN, {"lines": READ})
    own = CaptureDetails(1, "first", BEGAN, {"users": READ}, {"shop": shop})
    answer = evaluate(own)
    assert answer.state is ProbeState.WARN
    assert answer.summary.startswith(f"epoch 4 began {BEGAN}: the slot of shop was lost. ")
    assert "rows of lines that were deleted" in answer.summary
    assert answer.summary.endswith("; 1 other table is equal")


def test_existing_rows_of_another_database() -> None:
    shop = CaptureDetails(1, "first", BEGAN, {"lines": READING})
    own = CaptureDetails(1, "first", BEGAN, {"users": READ}, {"shop": shop})
    assert own.being_read == ["lines"]
    assert "existing rows of lines are being read" in evaluate(own).summary


def test_the_newest_record_of_each_database(tmp_path: Path) -> None:
    clients = InMemoryClients(tmp_path)
    record = Capture(1, State.CAPTURING, "1", "1", 7, 7, BEGAN, BEGAN, "first")
    for database, epoch in (("", 1), ("shop", 3), ("", 2), ("shop", 4), ("crm", 9)):
        text = replace(record, epoch=epoch).to_json().encode()
        clients.broker.add(CAPTURE.name, 0, InMemoryMessage(key(database).encode(), text))
    newest = [newest_record(clients, database) for database in ("", "shop", "other")]
    assert [record and record.epoch for record in newest] == [2, 4, None]
