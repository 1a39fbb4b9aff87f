"""Invariant 3: the highest version counts."""

from __future__ import annotations

from contract.kafka.offsets import TopicOffset
from control_center.jobs.compare.newest_events import NewestEvent, NewestEvents


def event(version: int, digest: int | None, offset: int = 0) -> NewestEvent:
    return NewestEvent(version, digest, 0, offset)


def test_the_highest_version_counts_not_the_last_read() -> None:
    events = NewestEvents()
    events.add("a", event(200, 2))
    events.add("a", event(100, 1))
    assert events.digests() == {"a": 2}


def test_of_equal_versions_the_last_read_counts() -> None:
    events = NewestEvents()
    events.add("a", event(200, 2, 3))
    events.add("a", event(200, 2, 7))
    assert events.get("a") == event(200, 2, 7)


def test_a_deleted_row_has_an_event_and_no_digest() -> None:
    events = NewestEvents()
    events.add("a", event(1, 1))
    events.add("a", event(2, None))
    events.add("b", event(1, 1))
    assert events.digests() == {"b": 1}
    assert events.get("a") == event(2, None)
    assert events.get("c") is None


def test_an_event_is_one_tuple_of_numbers_as_there_is_one_for_every_row() -> None:
    stored = event(1, 7, 12)
    assert not [value for value in stored if isinstance(value, tuple)]
    assert stored.place == TopicOffset(0, 12)
