"""The rhythm of batches, their size, and Retry-After."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from ingest.pace import Pace, batch_size, retry_after_s


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_batches_begin_at_equal_distances_whatever_they_take() -> None:
    clock = Clock()
    pace = Pace(10, clock)
    assert pace.wait_s() == 0
    pace.begin()
    clock.now += 4
    assert pace.wait_s() == 6
    clock.now += 6
    pace.begin()
    assert pace.wait_s() == 10


def test_what_an_outage_cost_is_not_caught_up_in_a_burst() -> None:
    clock = Clock()
    pace = Pace(10, clock)
    pace.begin()
    clock.now += 300
    assert pace.wait_s() == 0
    pace.begin()
    assert pace.wait_s() == 10


def test_without_a_rate_nothing_waits() -> None:
    pace = Pace(0, Clock())
    pace.begin()
    assert pace.wait_s() == 0


@pytest.mark.parametrize(
    ("wish", "rate", "people", "size"),
    [
        (None, 1.0, None, 10),
        (None, 200.0, 6_000, 2_000),
        (None, 0.01, None, 1),
        (None, 10_000.0, None, 5_000),
        (None, 0, None, 5_000),
        (None, 0, 300, 300),
        (None, 0, 12_000, 5_000),
        (250, 0, 12_000, 250),
        (None, 0, 0, 5_000),
    ],
)
def test_batch_size(wish: int | None, rate: float, people: int | None, size: int) -> None:
    assert batch_size(wish, rate, people) == size


NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0),
        ("", 0),
        ("7", 7),
        (" 120 ", 120),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0),
        ("soon", 0),
        ("-5", 0),
    ],
)
def test_retry_after(header: str | None, seconds: float) -> None:
    assert retry_after_s(header, NOW) == seconds
