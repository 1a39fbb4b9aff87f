"""How far the query of a table has written its topic."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract.kafka import retention
from contract.kafka.topics import events
from contract.stores.cassandra.batches import BatchRecord, Offsets
from control_center.pipeline import batches, written
from control_center.pipeline.written import cut
from tests.control_center.in_memory_clients import InMemoryClients, InMemoryMessage
from tests.control_center.sample_tables import USERS

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def batch(ends: Offsets, topic_id: str = "") -> BatchRecord:
    return BatchRecord(1, NOW, NOW, {}, ends, 0, 0, 0, "abc", "driver-1", topic_id)


def test_written_offsets_end_with_the_newest_batch() -> None:
    assert cut({0: 10, 1: 5}, batch({0: 7, 1: 5}), "id-1") == {0: 7, 1: 5}
    assert cut({0: 10, 1: 5}, batch({0: 7, 1: 5}, "id-1"), "id-1") == {0: 7, 1: 5}


def test_nothing_is_written_of_a_topic_that_was_created_again() -> None:
    """Its id says so, whatever its length; without an id only a shorter one is recognised."""
    assert cut({0: 30, 1: 9}, batch({0: 7, 1: 8}, "id-1"), "id-2") == {0: 0, 1: 0}
    assert cut({0: 3, 1: 9}, batch({0: 7, 1: 8}), "id-2") == {0: 0, 1: 0}


def test_a_partition_in_no_batch_is_not_read() -> None:
    assert cut({0: 10, 1: 5}, batch({0: 7}), "id-1") == {0: 7, 1: 0}


def test_without_a_batch_only_messages_older_than_records_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients, name = InMemoryClients(tmp_path), events(USERS).name
    now_ms = round(time.time() * 1000)
    old_ms = now_ms - retention.milliseconds(retention.BATCHES) - 60_000
    for part, times in enumerate(([old_ms, now_ms, now_ms], [old_ms])):
        for at in times:
            clients.broker.add(name, part, InMemoryMessage(b"", b"", timestamp_ms=at))
    assert written.recorded(clients, USERS) == {0: 1, 1: 1}
    monkeypatch.setattr(batches, "newest", lambda *_: batch({0: 2}))
    assert written.recorded(clients, USERS) == {0: 2, 1: 0}
