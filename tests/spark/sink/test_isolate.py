"""A batch that fails is divided until the messages that it fails for are found; all others are
written, whatever happens on the way."""

from __future__ import annotations

import pytest
from riada_stream.checkpoint.failed_batch import FailedBatch
from riada_stream.sink.isolate import PARTS, UNREADABLE, MessagesError, isolate
from riada_stream.source.ranges import Place, Range, between

BATCH = [Range(0, 5, 5_005), Range(1, 0, 5_000), Range(3, 70, 71)]


class Kafka:
    """A trial in memory. `lethal` messages fail, `unreadable` ones even when they are only read."""

    def __init__(self, lethal: set[Place], unreadable: set[Place] = frozenset()) -> None:
        self.lethal = set(lethal) | unreadable
        self.unreadable = unreadable
        self.written: list[Place] = []
        self.failures = 0
        self.down = False

    def write(self, messages: Range) -> None:
        self._fail(messages, self.lethal, "its decoding kills the executor")
        self.written += places(messages)

    def read(self, messages: Range) -> None:
        self._fail(messages, self.unreadable, "its reading kills the executor")

    def check_platform(self) -> None:
        if self.down:
            raise ConnectionError("Cassandra does not answer")

    def _fail(self, messages: Range, places_: set[Place], why: str) -> None:
        if places_ & set(places(messages)):
            self.failures += 1
            raise MessagesError(why)


def places(messages: Range) -> list[Place]:
    return [(messages.partition, at) for at in range(messages.start, messages.end)]


ALL = {place for messages in BATCH for place in places(messages)}


@pytest.mark.parametrize(
    "lethal",
    [set(), {(0, 5)}, {(1, 4_999)}, {(3, 70)}, {(0, 1_234), (0, 1_235), (1, 17)}],
    ids=["none", "first", "last", "alone", "three"],
)
def test_every_offset_is_written_or_unwritable(lethal: set[Place]) -> None:
    kafka, unwritable, notes = Kafka(lethal), {}, []
    isolate(BATCH, kafka, unwritable, lambda: notes.append(dict(unwritable)))
    assert unwritable == dict.fromkeys(lethal, "its decoding kills the executor")
    assert sorted(kafka.written) == sorted(ALL - lethal)
    assert len(notes) == len(lethal)
    assert kafka.failures <= 5 * len(lethal)


def test_all_messages_may_be_lethal() -> None:
    kafka, unwritable = Kafka({(0, at) for at in range(40)}), {}
    isolate([Range(0, 0, 40)], kafka, unwritable, lambda: None)
    assert len(unwritable) == 40
    assert kafka.written == []


def test_what_cannot_be_read_is_told_from_what_cannot_be_decoded() -> None:
    kafka, unwritable = Kafka({(1, 3)}, {(1, 7)}), {}
    isolate([Range(1, 0, 9)], kafka, unwritable, lambda: None)
    assert unwritable[1, 3] == "its decoding kills the executor"
    assert unwritable[1, 7] == f"{UNREADABLE}its reading kills the executor"


def test_an_outage_is_no_messages_fault() -> None:
    kafka, unwritable = Kafka({(0, 3)}), {}
    kafka.down = True
    with pytest.raises(ConnectionError):
        isolate([Range(0, 3, 4)], kafka, unwritable, lambda: None)
    assert unwritable == {}


def test_a_failure_that_does_not_repeat_is_no_messages_fault() -> None:
    kafka, unwritable = Kafka({(0, 3)}), {}
    fail = kafka._fail

    def once(*arguments: object) -> None:
        kafka._fail = lambda *_: None
        fail(*arguments)

    kafka._fail = once
    isolate([Range(0, 3, 4)], kafka, unwritable, lambda: None)
    assert (unwritable, kafka.written) == ({}, [(0, 3)])


def test_the_next_process_does_not_try_the_known_ones_again() -> None:
    known = FailedBatch.from_json(FailedBatch(7, {(0, 1_234): "why"}).to_json())
    kafka = Kafka({(0, 1_234)})
    isolate(BATCH, kafka, known.unwritable, lambda: None)
    assert (kafka.failures, set(kafka.written)) == (0, ALL - {(0, 1_234)})


@pytest.mark.parametrize("count", [1, 2, PARTS, PARTS + 1, 5_000])
def test_parts_are_the_whole(count: int) -> None:
    parts = Range(2, 10, 10 + count).split(PARTS)
    assert len(parts) == min(count, PARTS)
    assert [place for part in parts for place in places(part)] == places(Range(2, 10, 10 + count))
    assert all(len(part) for part in parts)


def test_a_batchs_ranges() -> None:
    found = between({"0": 5, "1": 2}, {"0": 9, "1": 2, "4": 3})
    assert found == [Range(0, 5, 9), Range(4, 0, 3)]
