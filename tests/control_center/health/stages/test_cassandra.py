"""Cassandra's tables, with the latency in the unit that the page names."""

from __future__ import annotations

import pytest

from control_center.health.stages.cassandra import whole_ms


@pytest.mark.parametrize(
    ("written", "expected"),
    [(0.001, 1), (0.012, 12), (1.5, 1500), (0.0, 0), (None, None)],
)
def test_cassandra_s_p99_is_milliseconds(written: float | None, expected: int | None) -> None:
    """0.770 ms by nodetool tablehistograms is 0.001 in system_views.local_write_latency."""
    assert whole_ms(written) == expected
