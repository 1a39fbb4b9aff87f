"""The topic read piece by piece: events kept, offsets accounted for, poison not decoded."""

from __future__ import annotations

from contract.kafka.offsets import TopicOffset
from control_center.jobs.compare.newest_events import NewestEvent
from control_center.jobs.compare.topic_reader import TopicReader
from tests.control_center.jobs.compare.in_memory import (
    CREATED_MS,
    POISON,
    InMemoryReader,
    change,
    message,
    row_digest,
)
from tests.control_center.sample_tables import USERS


def test_events_are_kept_by_key_with_their_offset() -> None:
    source = InMemoryReader()
    source.topic = {0: [change("a", 1, "Oslo")], 1: [change("b", 1, "Bern"), change("b", 2, None)]}
    topic = TopicReader(USERS, source, {0: 0, 1: 0})
    topic.read({0: 1, 1: 2})
    assert topic.newest.get("a") == NewestEvent(1, row_digest("a", "Oslo"), 0, 0)
    assert topic.newest.get("b") == NewestEvent(2, None, 1, 1)
    assert topic.digests(["a", "b", "unknown"]) == {"a": row_digest("a", "Oslo")}
    assert topic.digests([]) == {}
    assert (topic.offsets.expected, topic.offsets.read, topic.offsets.events) == (3, 3, 3)
    assert topic.offsets.complete


def test_reading_continues_where_it_ended() -> None:
    source = InMemoryReader()
    source.topic = {0: [None, change("a", 1, "Oslo"), change("a", 2, "Bern")]}
    topic = TopicReader(USERS, source, {0: 1})
    topic.read({0: 2})
    topic.read({0: 2})
    assert topic.offsets.expected == topic.offsets.read == 1
    topic.read({0: 3})
    assert topic.offsets.expected == topic.offsets.read == 2
    assert topic.digests(["a"]) == {"a": row_digest("a", "Bern")}


def test_a_new_partition_is_read_from_its_beginning() -> None:
    source = InMemoryReader()
    source.topic = {0: [], 1: [change("a", 1, "Oslo")]}
    topic = TopicReader(USERS, source, {0: 0})
    topic.read({0: 0, 1: 1})
    assert topic.offsets.expected == topic.offsets.events == 1


def test_each_partition_is_expected_from_its_own_start() -> None:
    source = InMemoryReader()
    source.topic = {0: [change("a", 1, "Oslo")], 1: [None, None, change("b", 1, "Bern")]}
    topic = TopicReader(USERS, source, {0: 0, 1: 2})
    topic.read({0: 1, 1: 3})
    assert topic.offsets.expected == topic.offsets.read == 2


def test_an_end_before_the_start_expects_nothing() -> None:
    topic = TopicReader(USERS, InMemoryReader(), {0: 5})
    topic.read({0: 2})
    assert topic.offsets.expected == 0
    assert topic.offsets.complete


def test_the_start_offsets_of_the_caller_stay_as_they_are() -> None:
    source, start = InMemoryReader(), {0: 0}
    source.store("a", 1, "Oslo")
    TopicReader(USERS, source, start).read({0: 1})
    assert start == {0: 0}


def test_events_of_other_rows_are_counted_and_not_kept() -> None:
    source = InMemoryReader()
    source.store("a", 1, "Oslo")
    source.store("b", 1, "Bern")
    topic = TopicReader(USERS, source, {0: 0})
    topic.read({0: 2}, only=["b"])
    assert topic.newest.digests().keys() == {"b"}
    assert topic.offsets.events == 2


def test_a_refused_message_is_not_decoded() -> None:
    source = InMemoryReader()
    source.topic = {0: [POISON, change("a", 1, "Oslo")]}
    source.dead_letters = [message(0, 0)]
    topic = TopicReader(USERS, source, {0: 0})
    topic.read({0: 2})
    assert POISON not in source.decoded
    assert topic.offsets.refused == {TopicOffset(0, 0)}
    assert (topic.offsets.read, topic.offsets.events) == (2, 1)
    assert topic.offsets.complete


def test_a_dead_letter_of_a_former_topic_hides_no_message_of_this_one() -> None:
    """A topic that was created again uses its offsets again."""
    source = InMemoryReader()
    source.topic = {0: [change("a", 1, "Oslo"), POISON]}
    source.dead_letters = [message(0, 0, CREATED_MS - 1), message(0, 1, CREATED_MS - 1)]
    topic = TopicReader(USERS, source, {0: 0})
    topic.read({0: 2})
    assert topic.digests(["a"]) == {"a": row_digest("a", "Oslo")}
    assert topic.offsets.unaccounted() == [TopicOffset(0, 1)]
    assert topic.offsets.summary().dead_letters == 0


def test_a_dead_letter_without_a_time_is_of_the_message_at_its_offset() -> None:
    """The message could not be read."""
    source = InMemoryReader()
    source.topic = {0: [POISON]}
    source.dead_letters = [message(0, 0, None)]
    topic = TopicReader(USERS, source, {0: 0})
    topic.read({0: 1})
    assert topic.offsets.refused == {TopicOffset(0, 0)}
    assert topic.offsets.complete


def test_an_undecodable_message_is_unaccounted_until_its_dead_letter_is_read() -> None:
    source = InMemoryReader()
    source.topic = {0: [POISON, change("a", 1, "Oslo")]}
    topic = TopicReader(USERS, source, {0: 0})
    topic.read({0: 2})
    assert topic.offsets.undecodable == {message(0, 0): "is not Avro"}
    assert topic.offsets.events == 1
    assert not topic.offsets.complete
    source.dead_letters = [message(3, 9), message(0, 0)]
    topic.read({0: 2})
    assert topic.offsets.complete
    assert topic.offsets.summary().dead_letters == 1


def test_dead_letters_are_read_once() -> None:
    source = InMemoryReader()
    source.dead_letters = [message(0, 0)]
    topic = TopicReader(USERS, source, {0: 0})
    topic.read({0: 0})
    topic.offsets.origins.clear()
    topic.read({0: 0})
    assert topic.offsets.origins == set()
