"""Metrics of the continuous verification."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping

from prometheus_client.core import Metric

from contract.health.details.verification import (
    DifferenceKind,
    TableVerification,
    VerificationDetails,
)
from control_center.health.probes.verification import is_behind
from control_center.metrics.families import Labels, counter, labelled


def families(
    details: VerificationDetails | None, clock: Callable[[], float] = time.time
) -> Iterator[Metric]:
    """A family with an unknown value has no sample. Keys are in none: they may be personal."""
    tables = details.tables if details else {}
    yield labelled(
        "riada_verified_through_seconds",
        "Time until which every committed change was seen in Cassandra, in seconds since 1970.",
        ["table"],
        _known(tables, lambda table: table.through),
    )
    yield labelled(
        "riada_verification_oldest_check_seconds",
        "Time since which every row of both stores was read, in seconds since 1970.",
        ["table"],
        _known(tables, lambda table: table.oldest_check),
    )
    now = clock()
    yield labelled(
        "riada_verification_behind",
        "1: the verification of the table stands still, or is far behind.",
        ["table"],
        _known(tables, lambda table: is_behind(table, now)),
    )
    yield labelled(
        "riada_rows_in_flight",
        "Rows that differed when verification read them, and may be on their way.",
        ["table"],
        _known(tables, lambda table: table.in_flight),
    )
    yield labelled(
        "riada_rows_differ",
        "Rows that differ for good between PostgreSQL and Cassandra.",
        ["table", "kind"],
        {
            (name, kind.value): float(table.by_kind.get(kind.value, 0))
            for name, table in tables.items()
            for kind in DifferenceKind
        },
    )
    yield counter(
        "riada_rows_verified",
        "Rows and keys that verification has compared.",
        {name: table.rows_checked for name, table in tables.items()},
    )
    yield counter(
        "riada_verification_busy_seconds",
        "Seconds of work of the verification, with the engines' answers.",
        {name: table.busy_s for name, table in tables.items()},
    )
    yield counter(
        "riada_rows_resent",
        "Rows that automatic repair has sent again.",
        {name: table.resent for name, table in tables.items()},
    )


def _known(
    tables: Mapping[str, TableVerification], read: Callable[[TableVerification], float | None]
) -> dict[Labels, float]:
    values = {(name,): read(table) for name, table in tables.items()}
    return {labels: float(value) for labels, value in values.items() if value is not None}
