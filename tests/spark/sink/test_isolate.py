"""A batch that fails is divided until the messages that it fails for are alone. All others are
written, whatever happens in between."""

from __future__ import annotations

from collections.abc import Set

import pytest
from riada_stream.checkpoint.failed_batch import FailedBatch
from riada_stream.sink.isolate import PARTS, UNREADABLE, MessagesError, isolate
from riada_stream.source.ranges import Range, ranges_between

from contract.kafka.offsets import TopicOffset

BATCH = [Range(0, 5, 5_005), Range(1, 0, 5_000), Range(3, 70, 71)]
KILLS = "its decoding kills the executor"

Offsets = Set[tuple[int, int]]


class InMemoryRangeWriter:
    """`lethal` messages fail when they are written, `unreadable` ones even when they are read. Only
    the first `max_failures` attempts fail."""

    def __init__(
        self, lethal: Offsets, unreadable: Offsets = frozenset(), max_failures: int = 1_000
    ) -> None:
        self.lethal = lethal | unreadable
        self.unreadable = unreadable
        self.max_failures = max_failures
        self.written: list[TopicOffset] = []
        self.failures = 0
        self.platform_is_down = False

    def write(self, messages: Range) -> None:
        self._fail(messages, self.lethal, KILLS)
        self.written += offsets_of(messages)

    def read(self, messages: Range) -> None:
        self._fail(messages, self.unreadable, "its reading kills the executor")

    def check_platform(self) -> None:
        if self.platform_is_down:
            raise ConnectionError("Cassandra does not answer")

    def _fail(self, messages: Range, bad: Offsets, reason: str) -> None:
        if bad & set(offsets_of(messages)) and self.failures < self.max_failures:
            self.failures += 1
            raise MessagesError(reason)


def offsets_of(messages: Range) -> list[TopicOffset]:
    return [TopicOffset(messages.partition, n) for n in range(messages.start, messages.end)]


ALL = {message for messages in BATCH for message in offsets_of(messages)}


@pytest.mark.parametrize(
    "lethal",
    [set(), {(0, 5)}, {(1, 4_999)}, {(3, 70)}, {(0, 1_234), (0, 1_235), (1, 17)}],
    ids=["none", "first", "last", "alone", "three"],
)
def test_every_offset_is_written_or_unwritable(lethal: set[tuple[int, int]]) -> None:
    writer = InMemoryRangeWriter(lethal)
    unwritable: dict[TopicOffset, str] = {}
    saved: list[dict[TopicOffset, str]] = []
    isolate(BATCH, writer, unwritable, lambda: saved.append(dict(unwritable)))
    assert unwritable == dict.fromkeys(lethal, KILLS)
    assert sorted(writer.written) == sorted(ALL - lethal)
    assert len(saved) == len(lethal)
    assert writer.failures <= 5 * len(lethal)


def test_all_messages_may_be_lethal() -> None:
    writer = InMemoryRangeWriter({(0, n) for n in range(40)})
    unwritable: dict[TopicOffset, str] = {}
    isolate([Range(0, 0, 40)], writer, unwritable, lambda: None)
    assert len(unwritable) == 40
    assert writer.written == []


def test_an_unreadable_message_has_another_reason_than_an_undecodable_one() -> None:
    writer = InMemoryRangeWriter({(1, 3)}, {(1, 7)})
    unwritable: dict[TopicOffset, str] = {}
    isolate([Range(1, 0, 9)], writer, unwritable, lambda: None)
    assert unwritable[TopicOffset(1, 3)] == KILLS
    assert unwritable[TopicOffset(1, 7)] == f"{UNREADABLE}its reading kills the executor"


def test_an_outage_makes_no_message_unwritable() -> None:
    writer = InMemoryRangeWriter({(0, 3)})
    writer.platform_is_down = True
    unwritable: dict[TopicOffset, str] = {}
    with pytest.raises(ConnectionError):
        isolate([Range(0, 3, 4)], writer, unwritable, lambda: None)
    assert unwritable == {}


def test_a_failure_that_does_not_repeat_makes_no_message_unwritable() -> None:
    writer = InMemoryRangeWriter({(0, 3)}, max_failures=1)
    unwritable: dict[TopicOffset, str] = {}
    isolate([Range(0, 3, 4)], writer, unwritable, lambda: None)
    assert (unwritable, writer.written) == ({}, [(0, 3)])


def test_the_next_process_does_not_try_the_known_messages_again() -> None:
    failed = FailedBatch(7, {TopicOffset(0, 1_234): "reason"})
    known = FailedBatch.from_json(failed.to_json())
    writer = InMemoryRangeWriter({(0, 1_234)})
    isolate(BATCH, writer, known.unwritable, lambda: None)
    assert (writer.failures, set(writer.written)) == (0, ALL - {(0, 1_234)})


@pytest.mark.parametrize("count", [1, 2, PARTS, PARTS + 1, 5_000])
def test_parts_cover_the_range(count: int) -> None:
    messages = Range(2, 10, 10 + count)
    parts = messages.split(PARTS)
    assert len(parts) == min(count, PARTS)
    assert [offset for part in parts for offset in offsets_of(part)] == offsets_of(messages)
    assert all(len(part) for part in parts)


def test_ranges_of_a_batch() -> None:
    ranges = ranges_between({0: 5, 1: 2}, {0: 9, 1: 2, 4: 3})
    assert ranges == [Range(0, 5, 9), Range(4, 0, 3)]
