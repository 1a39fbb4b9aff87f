"""Cassandra is read only for tables whose topic or query has changed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from contract.stores.cassandra.batches import BatchRecord
from control_center.health.positions import FRESH_S, Position, Positions
from control_center.pipeline import batches, written
from tests.control_center.health.stages.in_memory import clients
from tests.control_center.health.tables import ORDERS

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def batch(end: int, topic_id: str = "") -> BatchRecord:
    return BatchRecord(1, NOW, NOW, {0: 0}, {0: end}, end, 0, 0, "abc", "driver-1", topic_id)


class Platform:
    """Positions of orders over a store that counts its reads."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.reads = 0.0, 0
        self.newest: BatchRecord | None = None
        self._positions = Positions(lambda: self.now)
        monkeypatch.setattr(batches, "newest", lambda *_: self._read())
        monkeypatch.setattr(written, "present_id", lambda *_: "id-2")

    def _read(self) -> BatchRecord | None:
        self.reads += 1
        return self.newest

    def at(self, first: int, end: int, query: object = "driver-1") -> Position:
        return self._positions.of(clients(), ORDERS, {0: (first, end)}, query)


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Platform:
    return Platform(monkeypatch)


def test_an_empty_topic_needs_no_read(platform: Platform) -> None:
    assert platform.at(5, 5) == Position(None, {0: 5})
    assert platform.reads == 0


def test_a_topic_without_new_messages_is_read_once(platform: Platform) -> None:
    platform.newest = batch(9)
    for _ in range(3):
        assert platform.at(2, 9) == Position(platform.newest, {0: 9})
    assert platform.reads == 1


def test_waiting_messages_are_read_each_time(platform: Platform) -> None:
    assert platform.at(2, 9).done == {0: 2}, "no batch yet"
    platform.newest = batch(7)
    assert platform.at(2, 9).done == {0: 7}
    platform.newest = batch(9)
    assert platform.at(2, 9).done == {0: 9}
    assert platform.reads == 3


def test_a_query_that_begins_again_is_read_again(platform: Platform) -> None:
    platform.newest = batch(9)
    platform.at(0, 9)
    platform.newest = batch(4)
    assert platform.at(0, 9, query="driver-2").done == {0: 4}


def test_a_position_is_not_kept_for_ever(platform: Platform) -> None:
    platform.newest = batch(9)
    platform.at(0, 9)
    platform.newest, platform.now = batch(4), FRESH_S + 1
    assert platform.at(0, 9).done == {0: 4}


def test_a_topic_that_was_created_again_is_read_each_time(platform: Platform) -> None:
    platform.newest = batch(9)
    platform.at(0, 9)
    platform.newest = batch(4)
    assert platform.at(0, 5).done == {0: 4}


def test_batches_of_the_former_topic_deliver_nothing(platform: Platform) -> None:
    """Even when the new topic is longer than the former one was."""
    platform.newest = batch(9, "id-1")
    assert platform.at(0, 20) == Position(None, {0: 0})
    platform.newest = batch(20, "id-2")
    assert platform.at(0, 20) == Position(platform.newest, {0: 20})
