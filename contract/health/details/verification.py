"""Details of the continuous verification: do PostgreSQL and Cassandra hold the same rows?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from contract.health.details.base import ProbeDetails
from contract.json_record import JsonRecord


class DifferenceKind(str, Enum):
    """How a row in Cassandra differs from PostgreSQL's."""

    MISSING = "missing"  # Cassandra does not have the row
    EXTRA = "extra"  # PostgreSQL does not have the row, and no event made it
    UNDELETED = "undeleted"  # the row came by an event, and PostgreSQL has deleted it
    STALE = "stale"  # the row is as an older event made it
    NULLED = "nulled"  # the fields are null in Cassandra only
    FIELD = "field"  # the fields have other values than their event
    SKIPPED = "skipped"  # no batch covers these offsets of the topic; `key` names them


@dataclass(frozen=True)
class RowDifference(JsonRecord):
    """`fields`: the columns that differ, for a row that both stores have. `since`: when it was
    found, in epoch seconds. No values, because they may be personal."""

    key: str
    kind: DifferenceKind
    fields: tuple[str, ...] = ()
    since: float = 0.0

    def __str__(self) -> str:
        """ "row 7: missing", "row 7: field city, state"."""
        subject = self.key if self.kind is DifferenceKind.SKIPPED else f"row {self.key}"
        return f"{subject}: {' '.join(filter(None, (self.kind.value, ', '.join(self.fields))))}"


@dataclass(frozen=True)
class TableVerification(JsonRecord):
    """All times are in epoch seconds. `through`: every change that PostgreSQL committed until then
    has been seen in Cassandra; None before the first complete pass. `oldest_check`: every row of
    both stores has been read since; None likewise. `began_at`: when the present series of passes
    began. `passed`: share of the present pass over PostgreSQL's rows, from 0 to 1. `pass_s`: the
    duration of the last complete one. `in_flight`: rows that differed when they were read, and may
    be on their way. `differences`: number of rows that differ for good, `by_kind` the known ones of
    each kind, and `first` some of them. `resent`: rows that automatic repair has sent again.
    `busy_s`: seconds of work since the process began. `at`: when this was written; `error`: why the
    newest attempt failed, or ""."""

    at: float
    began_at: float
    through: float | None = None
    oldest_check: float | None = None
    passed: float = 0.0
    pass_s: float | None = None
    rows_checked: int = 0
    in_flight: int = 0
    differences: int = 0
    by_kind: Mapping[str, int] = field(default_factory=dict)
    first: tuple[RowDifference, ...] = ()
    resent: int = 0
    busy_s: float = 0.0
    error: str = ""


@dataclass(frozen=True)
class VerificationDetails(ProbeDetails):
    """Name of a table → its verification, without tables whose verification has not begun.
    `share`: of one core that verification may use; 0: it is off."""

    share: float
    tables: Mapping[str, TableVerification]

    @property
    def through(self) -> float | None:
        """The earliest time of all tables; None if it is unknown for one of them."""
        times = [table.through for table in self.tables.values()]
        known = [time for time in times if time is not None]
        return min(known) if known and len(known) == len(times) else None
