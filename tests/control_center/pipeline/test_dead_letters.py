"""The dead letters that wait."""

from __future__ import annotations

from contract.kafka.offsets import TopicOffset
from control_center.pipeline.dead_letters import newest, young


def test_young_dead_letters_begin_at_the_first_that_is_not_too_old() -> None:
    assert young({0: 3, 1: -1, 2: 0}, {0: 9, 1: 4, 2: 0}) == {0: (3, 9), 1: (4, 4), 2: (0, 0)}


def test_the_newest_that_was_not_sent() -> None:
    ranges = {0: (0, 5), 1: (2, 9), 2: (7, 7)}
    assert newest(ranges, set()) == TopicOffset(1, 8)
    sent = {TopicOffset(1, offset) for offset in range(4, 9)}
    assert newest(ranges, sent) == TopicOffset(0, 4)
    assert newest({0: (4, 5)}, {TopicOffset(0, 4)}) is None
    assert newest({}, set()) is None
