"""Percentiles of waits, and the longest time between two batches."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from tests.harness.delivery import summary

BEGIN = datetime(2026, 1, 1, tzinfo=timezone.utc)
END = BEGIN + timedelta(seconds=60)


def at(*seconds: float) -> list[datetime]:
    return [BEGIN + timedelta(seconds=second) for second in seconds]


def test_percentiles() -> None:
    result = summary(list(range(1000, 0, -1)), at(1), BEGIN, END)
    assert (result.rows, result.p50_ms, result.p99_ms) == (1000, 501, 991)


@pytest.mark.parametrize(
    ("moments", "gap"),
    [
        ((1, 2, 30, 31, 58), 28),
        ((20, 40, 59), 20),
        ((1, 2), 58),  # until the end of the period
        ((-5, 50, 70), 50),  # from its begin; batches outside it do not count
        ((), 60),
    ],
)
def test_longest_gap(moments: tuple[float, ...], gap: float) -> None:
    assert summary([1], at(*moments), BEGIN, END).gap_s == gap


def test_no_row_is_no_measurement() -> None:
    with pytest.raises(AssertionError, match="no row was committed"):
        summary([], at(1), BEGIN, END)
