"""Which dead letters wait, and where they come from."""

from __future__ import annotations

import pytest

from contract.kafka.offsets import TopicOffset
from control_center.pipeline.dead_letters import newest, origin, reason_of, young
from control_center.pipeline.events import UndecodableError


def test_young_dead_letters_begin_at_the_first_that_is_not_too_old() -> None:
    assert young({0: 3, 1: -1, 2: 0}, {0: 9, 1: 4, 2: 0}) == {0: (3, 9), 1: (4, 4), 2: (0, 0)}


def test_the_newest_that_was_not_sent() -> None:
    ranges = {0: (0, 5), 1: (2, 9), 2: (7, 7)}
    assert newest(ranges, set()) == TopicOffset(1, 8)
    sent = {TopicOffset(1, offset) for offset in range(4, 9)}
    assert newest(ranges, sent) == TopicOffset(0, 4)
    assert newest({0: (4, 5)}, {TopicOffset(0, 4)}) is None
    assert newest({}, set()) is None


def test_the_origin() -> None:
    assert origin([("origin.partition", b"2"), ("origin.offset", b"40")]) == TopicOffset(2, 40)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("origin.partition", b"2")],
        [("origin.partition", b"2"), ("origin.offset", None)],
        [("origin.partition", b"x"), ("origin.offset", b"1")],
    ],
)
def test_a_dead_letter_without_origin(headers: list[tuple[str, bytes | None]]) -> None:
    with pytest.raises(UndecodableError, match="without its origin"):
        origin(headers)


def test_the_reason_is_cut_off() -> None:
    assert reason_of((("reason", b"not Avro"),)) == "not Avro"
    assert reason_of((("reason", b"x" * 999),)) == "x" * 200
    assert reason_of((("reason", None),)) == reason_of(()) == "no reason given"
    assert reason_of((("reason", b"\xff"),)) == "\ufffd"
