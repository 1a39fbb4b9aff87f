"""Requests start at equal distances, and never in a burst."""

from __future__ import annotations

from ingest.rate_limiter import RateLimiter


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_requests_start_at_equal_distances_however_long_they_take() -> None:
    clock = Clock()
    limiter = RateLimiter(2.0, clock)
    assert limiter.wait_s() == 0
    limiter.start()
    clock.now += 4
    limiter.spend(20)
    assert limiter.wait_s() == 6
    clock.now += 6
    limiter.start()
    limiter.spend(20)
    assert limiter.wait_s() == 10


def test_a_delay_is_not_caught_up_in_a_burst() -> None:
    clock = Clock()
    limiter = RateLimiter(2.0, clock)
    limiter.start()
    limiter.spend(20)
    clock.now += 300
    assert limiter.wait_s() == 0
    limiter.start()
    limiter.spend(20)
    assert limiter.wait_s() == 10


def test_without_a_rate_nothing_waits() -> None:
    limiter = RateLimiter(0, Clock())
    limiter.start()
    limiter.spend(20)
    assert limiter.wait_s() == 0
