"""A scan is bounded, says where it stopped, and together with the next ones finds every match
once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from contract.kafka.offsets import TopicOffset
from control_center.clients.kafka import Span
from control_center.pipeline.browsed_message import BrowsedMessage
from control_center.pipeline.scan import Limits, Scanned, scan
from control_center.pipeline.topic_message import TopicMessage

BEGAN = datetime(2026, 11, 27, tzinfo=UTC)
ALL = Limits(messages=1_000_000, seconds=1_000)
# Partition 0 is ten times as busy as partition 1, and partition 2 is empty.
SPANS: dict[int, Span] = {0: (100, 1100), 1: (0, 100), 2: (7, 7)}
EVERY_S = {0: 1, 1: 10}
SMALL: dict[int, Span] = {0: (100, 300), 1: (0, 20), 2: (7, 7)}


class Topic:
    """`matching`: the offsets that match, of every partition. `reads`: what was read."""

    def __init__(self, matching: set[int]) -> None:
        self._matching = matching
        self.reads: list[dict[int, Span]] = []

    def read(self, start: Mapping[int, int], end: Mapping[int, int]) -> Iterator[TopicMessage]:
        self.reads.append({part: (start[part], end[part]) for part in start})
        for part in start:
            for offset in range(start[part], end[part]):
                yield TopicMessage(TopicOffset(part, offset), None, None, (), 1)

    def match(self, message: TopicMessage) -> BrowsedMessage | None:
        if message.place.offset not in self._matching:
            return None
        part, offset = message.place
        at = BEGAN + timedelta(seconds=EVERY_S[part] * (offset - SPANS[part][0]))
        return BrowsedMessage(message.place, at, "", None, None, "", {}, 0, b"")


def places(scanned: Scanned) -> list[tuple[int, int]]:
    return [tuple(message.place) for message in scanned.messages]  # type: ignore[misc]


def once(topic: Topic, spans: dict[int, Span], forward: bool, **options: object) -> Scanned:
    arguments = {"count": 10, "step": 50, "limits": ALL} | options
    return scan(topic.read, topic.match, spans, forward=forward, **arguments)  # type: ignore[arg-type]


def to_the_end(
    topic: Topic, spans: dict[int, Span], forward: bool, **options: object
) -> list[list[tuple[int, int]]]:
    """What each of the scans finds, each going on where the one before stopped."""
    answers = []
    while True:
        scanned = once(topic, spans, forward, **options)
        answers.append(places(scanned))
        spans = {
            part: (at, spans[part][1]) if forward else (spans[part][0], at)
            for part, at in scanned.position.items()
        }
        assert scanned.remaining == sum(end - start for start, end in spans.values())
        if not scanned.remaining:
            return answers
        assert len(answers) < 500, "the scan does not get on"


@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize("count", [1, 7, 100, 5000])
@pytest.mark.parametrize("step", [1, 64, 4000])
@pytest.mark.parametrize(
    "matching", [set(), {299}, {100, 19, 0}, set(range(0, 300, 9)), set(range(300))]
)
def test_every_match_is_found_exactly_once(
    matching: set[int], step: int, count: int, forward: bool
) -> None:
    expected = sorted(
        (part, offset)
        for part, (start, end) in SMALL.items()
        for offset in range(start, end)
        if offset in matching
    )
    answers = to_the_end(Topic(matching), SMALL, forward, count=count, step=step)
    assert sorted(place for answer in answers for place in answer) == expected
    assert all(len(answer) <= count for answer in answers)


def test_the_newest_are_the_newest_by_time() -> None:
    newest = once(Topic(set(range(1100))), SPANS, False, count=12)
    assert places(newest) == [
        (0, 1089),
        (1, 99),
        *((0, offset) for offset in range(1090, 1100)),
    ]
    assert newest.position == {0: 1089, 1: 99, 2: 7}
    assert newest.remaining == 989 + 99


def test_a_scan_stops_after_enough_messages_and_says_how_far_it_looked() -> None:
    topic = Topic({200})
    scanned = once(topic, SPANS, False, limits=Limits(300, 1000))
    assert (places(scanned), scanned.read) == ([], 50 + 50 + 100 + 50 + 200)
    assert scanned.position == {0: 750, 1: 0, 2: 7}
    assert scanned.remaining == 650


def test_a_scan_stops_after_its_seconds() -> None:
    seconds = iter(range(100))
    scanned = once(
        Topic(set()), SPANS, True, limits=Limits(1_000_000, 2.5), clock=lambda: next(seconds)
    )
    assert (scanned.read, scanned.remaining) == (250, 850)


def test_steps_grow_and_stay_inside_the_topic() -> None:
    topic = Topic(set())
    once(topic, SPANS, True)
    assert topic.reads == [
        {0: (100, 150), 1: (0, 50)},
        {0: (150, 250), 1: (50, 100)},
        {0: (250, 450)},
        {0: (450, 850)},
        {0: (850, 1100)},
    ]


def test_nothing_is_read_of_an_empty_topic() -> None:
    topic = Topic(set())
    assert once(topic, {0: (5, 5)}, False).remaining == 0
    assert topic.reads == []


def test_times_out_of_order_lose_no_match() -> None:
    """A replayed message keeps the time of its first arrival."""

    class Replayed(Topic):
        def match(self, message: TopicMessage) -> BrowsedMessage | None:
            at = BEGAN - timedelta(seconds=message.place.offset)
            return BrowsedMessage(message.place, at, "", None, None, "", {}, 0, b"")

    answers = to_the_end(Replayed(set()), SPANS, False, count=300)
    assert len({place for answer in answers for place in answer}) == 1100
