"""Batches without a gap account for every offset of a topic."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contract.jobs.compare import OffsetGap
from contract.kafka.topics import events
from contract.stores.cassandra.batches import BatchRecord, Offsets
from control_center.jobs.compare.offsets import gaps
from control_center.jobs.verification.batch_gaps import BatchGaps
from control_center.pipeline import written
from tests.control_center.in_memory_clients import InMemoryClients
from tests.control_center.sample_tables import USERS

TOPIC_ID = "t1"


def batch(number: int, start: Offsets, end: Offsets) -> BatchRecord:
    at = datetime.now(UTC) - timedelta(minutes=30 - number)
    return BatchRecord(number, at, at, start, end, 0, 0, 0, "r", "d", TOPIC_ID)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], []),
        ([({0: 0}, {0: 5}), ({0: 5}, {0: 9})], []),
        ([({0: 3}, {0: 5}), ({0: 7}, {0: 9})], [OffsetGap(0, 5, 7)]),
        ([({0: 7}, {0: 9}), ({0: 3}, {0: 5})], [OffsetGap(0, 5, 7)]),
        ([({0: 0}, {0: 9}), ({0: 3}, {0: 5}), ({0: 9}, {0: 12})], []),
        ([({0: 0}, {0: 9}), ({0: 9}, {0: 12, 1: 4}), ({0: 12, 1: 6}, {0: 12, 1: 8})],
         [OffsetGap(1, 4, 6)]),
    ],
)  # fmt: skip
def test_gaps(spans: list[tuple[Offsets, Offsets]], expected: list[OffsetGap]) -> None:
    records = [batch(number, *span) for number, span in enumerate(spans)]
    assert gaps(records, {}) == expected


def test_their_text() -> None:
    assert str(OffsetGap(3, 5, 6)) == "offset 5 of partition 3"
    assert str(OffsetGap(3, 5, 8)) == "offsets 5 to 7 of partition 3"


@pytest.fixture
def clients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> InMemoryClients:
    monkeypatch.setattr(written, "present_id", lambda *_: TOPIC_ID)
    return InMemoryClients(tmp_path)


def test_a_new_batch_is_compared_with_the_last_one_however_old(clients: InMemoryClients) -> None:
    known, records = BatchGaps(clients, USERS), clients.store.records
    records[:] = [batch(1, {0: 0}, {0: 5})]
    assert known.known() == []
    records.append(batch(29, {0: 7}, {0: 9}))
    assert known.known() == [OffsetGap(0, 5, 7)]
    assert known.known() == [OffsetGap(0, 5, 7)]
    records.insert(1, batch(2, {0: 5}, {0: 7}))
    assert known.known() == []


def test_a_batch_of_a_clock_that_is_behind_covers_its_offsets(clients: InMemoryClients) -> None:
    known, records = BatchGaps(clients, USERS), clients.store.records
    records[:] = [batch(20, {0: 0}, {0: 5})]
    known.known()
    records += [batch(2, {0: 5}, {0: 7}), batch(21, {0: 7}, {0: 9})]
    records.sort(key=lambda record: record.written_at)
    assert known.known() == []


def test_batches_of_another_topic_do_not_count(clients: InMemoryClients) -> None:
    clients.store.records[:] = [
        replace(batch(1, {0: 0}, {0: 5}), topic_id="t0"),
        batch(2, {0: 7}, {0: 9}),
    ]
    assert BatchGaps(clients, USERS).known() == []


def test_offsets_that_retention_has_deleted_do_not_count(
    clients: InMemoryClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients.store.records[:] = [batch(1, {0: 0}, {0: 5}), batch(2, {0: 7}, {0: 9})]
    first = {events(USERS).name: {0: 7}}
    monkeypatch.setattr(clients.broker, "earliest", lambda topic: first[topic])
    assert BatchGaps(clients, USERS).known() == []
