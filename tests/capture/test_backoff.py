"""Pauses double up to a limit and begin again after a quiet time."""

from __future__ import annotations

from capture.restarts import Backoff


def test_pauses_double_up_to_the_limit() -> None:
    backoff, now, pauses = Backoff(5, 60), 0.0, []
    for _ in range(6):
        assert backoff.ready(now)
        pauses.append(backoff.take(now))
        assert not backoff.ready(now + pauses[-1] - 0.1)
        now += pauses[-1]
    assert pauses == [5, 10, 20, 40, 60, 60]


def test_a_quiet_time_begins_again() -> None:
    backoff = Backoff(5, 60)
    for now in (0, 5, 15):
        backoff.take(now)
    assert backoff.take(1_000) == 5
