"""One spike does not flatten everything else: canned series of a chart."""

from __future__ import annotations

from math import nan

import pytest

from control_center.web.ui.axis_limit import AxisLimit, axis_limit

AT = 1_795_734_900.0  # 2026-11-26 23:15:00 UTC
STEADY = [58.0, 60, 62, 61, 59, 60, 63, 57] * 20
SPIKE = [50_000.0, 100_000, 50_000]


def line(*values: float) -> list[tuple[float, float]]:
    return [(AT + 60 * number, value) for number, value in enumerate(values)]


def limit(*values: float) -> float | None:
    computed = axis_limit({"in Cassandra": line(*values)})
    return computed.value if computed else None


def test_a_spike_is_above_the_axis_and_named() -> None:
    lines = {
        "committed": line(*STEADY, 0, *SPIKE, 0, *STEADY),
        "in Cassandra": line(*STEADY, 0, 0, *STEADY),
    }
    assert axis_limit(lines) == AxisLimit(
        value=100, above=3, highest=100_000, at=AT + 162 * 60, line="committed"
    )
    computed = axis_limit(lines)
    assert computed is not None
    assert computed.sentence("changes/min") == (
        "3 values are above this axis. "
        "The highest: 100,000 changes/min at 01:57:00 UTC (committed)."
    )


@pytest.mark.parametrize(
    "values",
    [
        [],
        [0.0] * 200,
        [nan] * 200,
        STEADY,
        [*STEADY, 300],  # the rest is still legible
        [*[0.0] * 200, *SPIKE],  # nothing else to see
        [100.0, 10_000] * 50,  # bursts are the normal state
        list(range(1, 200)),  # a ramp
        [60.0, 60, 100_000],  # too few to know what is normal
    ],
)
def test_the_axis_goes_up_to_the_highest_value(values: list[float]) -> None:
    assert limit(*values) is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([60.0] * 100 + SPIKE, 100),
        ([100.0] * 100 + SPIKE, 100),
        ([0.0] * 900 + [60.0] * 12 + SPIKE, 100),  # a quiet day with one load
        ([800.0] * 100 + [12_000], 1000),
        ([1200.0] * 100 + [12_000], 2000),
        ([0.02] * 30 + [9], 0.02),
        ([nan] * 30 + [3.0] * 30 + SPIKE, 5),
    ],
)
def test_the_limit_is_a_round_number(values: list[float], expected: float) -> None:
    assert limit(*values) == pytest.approx(expected)


def test_small_values_keep_their_digits() -> None:
    computed = AxisLimit(5, 1, 61.234, AT, "batch duration")
    assert computed.sentence("s").startswith("1 value is above this axis. The highest: 61.2 s")
