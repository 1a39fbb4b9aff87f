"""Where the vertical axis of a chart ends, so that one spike does not flatten everything else.

The limit is Tukey's outer fence, Q3 + 3 (Q3 - Q1), of the values above 0, rounded up to 1, 2 or 5
times a power of ten. Values of 0 do not count: a table without changes is the normal state.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles

from control_center.web.ui.instant import clock

# (epoch seconds, value), oldest first
Points = Sequence[tuple[float, float]]

FEWEST = 8  # values; fewer have no quartiles worth the name
FLATTENED = 4  # the axis has a limit if the highest value is above so many limits


@dataclass(frozen=True)
class AxisLimit:
    """`above`: how many values are higher than `value`; the others describe the highest one."""

    value: float
    above: int
    highest: float
    at: float
    line: str

    def sentence(self, unit: str) -> str:
        count = f"{self.above:,} values are" if self.above > 1 else "1 value is"
        highest = f"{self.highest:,.0f}" if self.highest >= 100 else f"{self.highest:.3g}"
        at = clock(self.at)
        return f"{count} above this axis. The highest: {highest} {unit} at {at} ({self.line})."


def axis_limit(lines: Mapping[str, Points]) -> AxisLimit | None:
    """None if an axis up to the highest value shows the other values too."""
    values = sorted(value for points in lines.values() for _, value in points if value > 0)
    if len(values) < FEWEST:
        return None
    lower, _, upper = quantiles(values, n=4, method="inclusive")
    limit = _rounded_up(upper + 3 * (upper - lower))
    if values[-1] <= FLATTENED * limit:
        return None
    highest, at, line = max(
        (value, at, line) for line, points in lines.items() for at, value in points if value > 0
    )
    return AxisLimit(limit, sum(value > limit for value in values), highest, at, line)


def _rounded_up(value: float) -> float:
    """3.1 → 5, 60 → 100, 1200 → 2000."""
    power: float = 10.0 ** math.floor(math.log10(value))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= value)
