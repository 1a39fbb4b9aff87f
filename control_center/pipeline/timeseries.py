"""Prometheus' record of the last hours: a table's rows per minute at each stage, and their
freshness."""

from __future__ import annotations

import time

from contract.table.table import Table
from control_center.clients.clients import Clients

Points = list[tuple[float, float]]  # seconds since 1970, value
Series = dict[str, Points]  # line of a chart → points, [] where Prometheus has none

# Line of the chart → rate by docker/prometheus/rules/recording.yml, in changes/s.
DELIVERED = {
    "committed in PostgreSQL": "riada:rows_committed:rate2m",
    "on the topic": "riada:rows_on_topic:rate2m",
    "in Cassandra": "riada:rows_in_cassandra:rate2m",
}

QUANTILES = ("p50", "p99")
# Lines of two charts of the verification.
BEHIND = "verified behind"
DIFFERING = "rows that differ"
MAX_POINTS = 240


def delivered(clients: Clients, table: Table, hours: float) -> Series:
    """Line → changes per minute over the last hours; raises UnreachableError."""
    start, end, step = _span(hours)
    return {
        line: _points(clients, f"60 * {rate}{_of(table)}", start, end, step)
        for line, rate in DELIVERED.items()
    }


def freshness(clients: Clients, table: Table, hours: float) -> Series:
    """ "p50", "p99" → milliseconds from commit to readable; raises UnreachableError."""
    start, end, step = _span(hours)
    return {
        quantile: _points(
            clients, f"1000 * riada:freshness_seconds:{quantile}{_of(table)}", start, end, step
        )
        for quantile in QUANTILES
    }


def verified(clients: Clients, table: Table, hours: float) -> Series:
    """BEHIND → seconds between now and the time through which the table is verified, and DIFFERING
    → rows, over the last hours; raises UnreachableError."""
    start, end, step = _span(hours)
    of = _of(table)
    queries = {
        BEHIND: f"time() - riada_verified_through_seconds{of}",
        DIFFERING: f"sum(riada_rows_differ{of})",
    }
    return {line: _points(clients, query, start, end, step) for line, query in queries.items()}


def rates(clients: Clients) -> dict[str, float]:
    """Line of DELIVERED → changes per second of all tables now, without the lines that Prometheus
    does not know; raises UnreachableError."""
    return {
        line: value
        for line, rate in DELIVERED.items()
        for _, value in clients.prometheus.now(f"sum({rate})")
    }


def _of(table: Table) -> str:
    """The selector of the table's series."""
    return f'{{table="{table.name}"}}'


def _span(hours: float) -> tuple[float, float, float]:
    """Start and end as multiples of the step, and the step, so that repeated queries read the same
    minutes."""
    step = max(60.0, hours * 3600 / MAX_POINTS // 15 * 15)
    end = time.time() // step * step
    return end - hours * 3600, end, step


def _points(clients: Clients, query: str, start: float, end: float, step: float) -> Points:
    series = clients.prometheus.range(query, start, end, step)
    return series[0].points if series else []
