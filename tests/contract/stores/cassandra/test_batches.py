"""A record of a batch stays the same after Cassandra has stored it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timezone
from types import SimpleNamespace
from typing import Any

from contract.stores.cassandra import batches
from contract.stores.cassandra.batches import BatchRecord, offsets

STARTED = datetime(2026, 11, 22, 23, 59, 59, 500_000, tzinfo=timezone.utc)
WRITTEN = datetime(2026, 11, 23, 0, 0, 1, tzinfo=timezone.utc)
RECORD = BatchRecord(17, STARTED, WRITTEN, {0: 5}, {0: 8, 10: 2}, 3, 1, 1, "r1", "driver-1", "id-1")


def test_row() -> None:
    assert dict(zip(batches.COLUMNS, RECORD.to_row("users"), strict=True)) == {
        "job": "users",
        "day": date(2026, 11, 23),
        "written_at": WRITTEN,
        "batch_id": 17,
        "started_at": STARTED,
        "start_offsets": '{"0": 5}',
        "end_offsets": '{"0": 8, "10": 2}',
        "upserts": 3,
        "deletes": 1,
        "dead_letters": 1,
        "release": "r1",
        "driver_id": "driver-1",
        "topic_id": "id-1",
    }


def returned(record: BatchRecord, **changes: object) -> Any:
    """The row as Cassandra's driver returns it: its datetimes are naive."""
    values = dict(zip(batches.COLUMNS, record.to_row("users"), strict=True)) | changes
    for name in ("written_at", "started_at"):
        values[name] = getattr(record, name).replace(tzinfo=None)
    return SimpleNamespace(**values)


def test_a_round_trip_changes_nothing() -> None:
    assert BatchRecord.from_row(returned(RECORD)) == RECORD


def test_a_row_of_a_release_with_fewer_columns() -> None:
    lacking = ("upserts", "deletes", "dead_letters", "release", "driver_id", "topic_id")
    row = returned(RECORD, **dict.fromkeys(lacking))
    assert BatchRecord.from_row(row) == replace(
        RECORD, upserts=0, deletes=0, dead_letters=0, release="", driver_id="", topic_id=""
    )


def test_a_row_of_a_table_without_the_column() -> None:
    row = returned(RECORD)
    del row.topic_id
    record = BatchRecord.from_row(row)
    assert record == replace(RECORD, topic_id="")
    assert record.may_be_of("id-1") and record.may_be_of("id-2")
    assert RECORD.may_be_of("id-1") and not RECORD.may_be_of("id-2")
    assert batches.ADD == "ALTER TABLE people.batches ADD IF NOT EXISTS topic_id text"


def test_table() -> None:
    columns = re.findall(r"^    (\w+) (\w+),$", batches.CREATE, re.MULTILINE)
    assert columns == list(batches.COLUMNS.items())
    assert "PRIMARY KEY ((job, day), written_at, batch_id)" in batches.CREATE
    assert "CLUSTERING ORDER BY (written_at DESC, batch_id DESC)" in batches.CREATE
    assert "default_time_to_live = 604800" in batches.CREATE


def test_insert_has_a_value_for_each_column() -> None:
    assert batches.INSERT == (
        "INSERT INTO people.batches (job, day, written_at, batch_id, started_at, start_offsets, "
        "end_offsets, upserts, deletes, dead_letters, release, driver_id, topic_id) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )


def test_statements_that_read() -> None:
    assert batches.NEWEST == "SELECT * FROM people.batches WHERE job = ? AND day = ? LIMIT ?"
    assert batches.SINCE == (
        "SELECT * FROM people.batches WHERE job = ? AND day = ? AND written_at >= ?"
        " ORDER BY written_at ASC, batch_id ASC"
    )
    assert batches.PROBE == "SELECT job FROM people.batches LIMIT 1"


def test_offsets_are_numbers() -> None:
    assert offsets('{"0": 12, "10": 3}') == {0: 12, 10: 3}


def test_a_batch_covers_its_start_but_not_its_end() -> None:
    assert [offset for offset in range(10) if RECORD.covers(0, offset)] == [5, 6, 7]
    assert RECORD.covers(10, 0)  # a partition that is new in this batch
    assert not RECORD.covers(2, 0)
