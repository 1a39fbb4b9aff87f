"""What Prometheus kept: people per minute at each stage, and how fresh they were."""

from __future__ import annotations

import time

from control_center.engines import Engines

Points = list[tuple[float, float]]

DELIVERED = {
    "committed in PostgreSQL": "riada_people_committed_total",
    "on the topic": "riada_people_on_topic_total",
    "in Cassandra": "riada_people_in_cassandra_total",
}
"""Line of the chart → counter."""

MAX_POINTS = 240


def delivered(engines: Engines, hours: float) -> dict[str, Points]:
    """Line → changes per minute over the last hours; raises UnreachableError."""
    start, end, step = _span(hours)
    window = f"{max(60, step):.0f}s"
    return {
        line: _one(engines, f"sum(rate({counter}[{window}])) * 60", start, end, step)
        for line, counter in DELIVERED.items()
    }


def freshness(engines: Engines, hours: float) -> dict[str, Points]:
    """ "p50", "p99" → milliseconds from commit to readable; raises UnreachableError."""
    start, end, step = _span(hours)
    window = f"{max(300, step):.0f}s"
    return {
        f"p{quantile * 100:.0f}": _one(
            engines,
            f"1000 * histogram_quantile({quantile}, "
            f"sum by (le) (rate(riada_freshness_seconds_bucket[{window}])))",
            start,
            end,
            step,
        )
        for quantile in (0.5, 0.99)
    }


def _span(hours: float) -> tuple[float, float, float]:
    """Start, end and step in whole steps, so that the same minutes are asked for again."""
    step = max(60.0, hours * 3600 / MAX_POINTS // 15 * 15)
    end = time.time() // step * step
    return end - hours * 3600, end, step


def _one(engines: Engines, query: str, start: float, end: float, step: float) -> Points:
    found = engines.prometheus.range(query, start, end, step)
    return found[0].points if found else []
