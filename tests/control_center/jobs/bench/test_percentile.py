"""Percentiles are values that occurred."""

from __future__ import annotations

import pytest

from control_center.jobs.bench.percentile import percentile


def test_percentiles_are_values_that_occurred() -> None:
    values = [float(number) for number in range(1, 101)]
    assert (percentile(values, 50), percentile(values, 99)) == (50, 99)
    assert percentile([3.0], 99) == 3.0
    assert percentile([1.0, 2.0, 3.0], 50) == 2.0


def test_there_is_no_percentile_without_values() -> None:
    with pytest.raises(ValueError, match="no samples"):
        percentile([], 50)
