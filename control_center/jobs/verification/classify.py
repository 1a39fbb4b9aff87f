"""The kind of a difference, and the columns that differ."""

from __future__ import annotations

from contract.health.details.verification import DifferenceKind, RowDifference
from control_center.jobs.verification.settle import Sighting
from control_center.jobs.verification.stores import CassandraRow, Stores
from control_center.pipeline.row_diff import changed_columns


def classify(
    stores: Stores, key: str, seen: Sighting, now: float, read_event: bool = True
) -> RowDifference:
    """`read_event`: the event that Cassandra's row names as its origin is read; without it the row
    counts as extra or changed. Raises UnreachableError."""
    table, expected, actual = stores.table, seen.postgres, seen.cassandra
    if actual is None:
        return RowDifference(key, DifferenceKind.MISSING, since=now)
    if expected is None:
        is_delivered = read_event and _made_by(stores, key, actual)
        kind = DifferenceKind.UNDELETED if is_delivered else DifferenceKind.EXTRA
        return RowDifference(key, kind, since=now)
    columns = changed_columns(table, expected.row, actual.row)
    places = [table.names.index(name) for name in columns]
    if read_event and _made_by(stores, key, actual, exactly=True):
        kind = DifferenceKind.STALE
    elif all(actual.row[place] is None for place in places):
        kind = DifferenceKind.NULLED
    else:
        kind = DifferenceKind.FIELD
    return RowDifference(key, kind, tuple(columns), now)


def _made_by(stores: Stores, key: str, actual: CassandraRow, *, exactly: bool = False) -> bool:
    """Is the event on the topic that the row names as its origin? `exactly`: and does the row have
    its values?"""
    event = stores.event(actual.offset) if actual.offset else None
    if event is None or event[0] != key or event[1] is None:
        return False
    return not exactly or not changed_columns(stores.table, event[1], actual.row)
