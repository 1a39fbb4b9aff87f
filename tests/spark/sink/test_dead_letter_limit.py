"""The stream stops when nearly everything fails, and never for a few poison messages."""

from __future__ import annotations

import pytest
from riada_stream.sink.dead_letter_limit import DeadLetterLimit


@pytest.mark.parametrize(
    ("batches", "stops"),
    [
        ([(999, 999)], False),
        ([(1_000, 1_000)], True),
        ([(20_000, 18_000)], False),
        ([(20_000, 18_001)], True),
        ([(100, 100)] * 9, False),
        ([(100, 100)] * 10, True),
        ([(5_000, 0), (900, 900)], False),
        ([(1, 1), (1, 0)] * 2_000, False),
    ],
)
def test_stops(batches: list[tuple[int, int]], stops: bool) -> None:
    limit = DeadLetterLimit()
    assert any(limit.exceeded(events, dead) for events, dead in batches) is stops


def test_stays_stopped_until_the_cause_is_gone() -> None:
    limit = DeadLetterLimit()
    for _ in range(9):
        assert limit.exceeded(100, 100) is None
    for _ in range(5):
        assert limit.exceeded(200, 200) == (
            "1,000 of the last 1,000 events would become dead letters"
        )
    assert limit.exceeded(200, 0) is None


def test_any_number_may_be_accepted() -> None:
    assert DeadLetterLimit(max_share=1).exceeded(5_000, 5_000) is None
