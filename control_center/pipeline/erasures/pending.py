"""Erasures to do again: PostgreSQL was restored to a time before them, or they were interrupted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from control_center.pipeline.erasures.record import Erasure, lost, newest

# An erasure that has not ended after this time does not run any more.
RUNNING_MS = 20 * 60 * 1000


def pending(known: Iterable[Erasure], present: Iterable[Erasure], now_ms: int) -> Mapping[str, int]:
    """Name of a table → their number. `known`: the records outside PostgreSQL; `present`: those in
    it."""
    of_postgres = newest(present)
    every = newest([*known, *of_postgres.values()])
    again = [
        record
        for record in {**lost(every, of_postgres), **_unfinished(every)}.values()
        if now_ms - record.erased_ms > RUNNING_MS or record.ended_ms is not None
    ]
    return Counter(record.table for record in again)


def _unfinished(records: Mapping[str, Erasure]) -> dict[str, Erasure]:
    return {name: record for name, record in records.items() if record.ended_ms is None}
