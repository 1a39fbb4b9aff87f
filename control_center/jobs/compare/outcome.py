"""The outcome of a comparison, whichever engine read the rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contract.jobs.compare import OffsetSummary, StoreSummary
from control_center.jobs.compare.newest_events import NewestEvent

LISTED = 20  # keys


@dataclass(frozen=True)
class DifferingKey:
    """`missing`: names of the stores without the row. `newest`: its newest event on the topic."""

    key: str
    missing: tuple[str, ...]
    newest: NewestEvent | None


@dataclass(frozen=True)
class Outcome:
    """`differing`: number of keys; `first`: the LISTED first of them. `expired`: number of keys
    that are equal in PostgreSQL and Cassandra, and whose events retention has deleted."""

    postgres: StoreSummary
    topic: StoreSummary
    cassandra: StoreSummary
    differing: int
    first: tuple[DifferingKey, ...]
    expired: int
    offsets: OffsetSummary


def first_keys(keys: Iterable[DifferingKey]) -> tuple[DifferingKey, ...]:
    return tuple(sorted(keys, key=lambda differing: differing.key)[:LISTED])
