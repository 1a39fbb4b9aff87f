"""The reads of a verification, as Protocols, so that its decisions need no platform in tests."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from contract.jobs.compare import OffsetGap
from contract.kafka.offsets import TopicOffset
from contract.table.table import Table

Row = Sequence[Any]  # values in the order of the table's columns


class PostgresRow(NamedTuple):
    """`version`: of the row in PostgreSQL; it differs after each change of the row."""

    row: Row
    version: str


class CassandraRow(NamedTuple):
    """`lsn` and `offset`: the event that made the row; None in a row that no event made."""

    row: Row
    lsn: int | None
    offset: TopicOffset | None

    def is_same_as(self, other: CassandraRow | None) -> bool:
        """Was the row not written in between?"""
        return other is not None and (self.lsn, self.offset) == (other.lsn, other.offset)


@dataclass(frozen=True)
class Snapshot:
    """What PostgreSQL has committed. `xmin`: every change by a transaction with a lower number is
    in it, or was rolled back. `xmax`: the number of the next transaction. `at`: its clock, in epoch
    seconds: every change that was committed until then is in it. `blocks`: of the table's file,
    and `file` its number, which a rewrite of the table changes. `row_bytes`: mean size of a row, an
    estimate."""

    xmin: int
    xmax: int
    at: float
    blocks: int
    file: int = 0
    row_bytes: float = 0.0


class Changes(NamedTuple):
    """The rows of a snapshot that a former one does not show, in parts, and their number `total`.
    Rows that did not change may be among them."""

    snapshot: Snapshot
    total: int
    parts: Iterator[Mapping[str, PostgresRow]]


class Barrier(Protocol):
    """`position`: of PostgreSQL's WAL when it was made."""

    position: int

    def has_passed(self) -> bool:
        """Has Cassandra got everything that was committed when the barrier was made?"""
        ...


class Stores(Protocol):
    """Both stores of one table. Every method may raise UnreachableError."""

    table: Table

    def identity(self) -> str:
        """Differs when former results do not hold any more: of another history of PostgreSQL,
        another table in Cassandra, or other columns."""
        ...

    def snapshot(self) -> Snapshot: ...

    def changed(self, since: Snapshot) -> AbstractContextManager[Changes]:
        """Those of a new snapshot."""
        ...

    def blocks(self, start: int, end: int) -> Mapping[str, PostgresRow]:
        """The rows in these blocks of PostgreSQL's file; `end` is exclusive."""
        ...

    def in_postgres(self, keys: Collection[str]) -> Mapping[str, PostgresRow]: ...

    def in_cassandra(self, keys: Collection[str]) -> Mapping[str, CassandraRow]: ...

    def keys_in_cassandra(self, start: int, end: int) -> Iterator[Sequence[Row]]:
        """The values of the keys whose token is above `start` and up to `end`, in parts."""
        ...

    def unknown_to_postgres(self, keys: Sequence[Row]) -> list[str]:
        """Those of these keys that have no row."""
        ...

    def barrier(self) -> Barrier: ...

    def event(self, offset: TopicOffset) -> tuple[str, Row | None] | None:
        """Key and row of the event, None for the row of a delete; None without such an event."""
        ...

    def is_outside(self, row: Row) -> bool:
        """Can no other store hold this row of PostgreSQL? The probe of PostgreSQL reports it."""
        ...

    def gaps(self) -> list[OffsetGap]:
        """Offsets that no batch covers, between the known batches."""
        ...

    def compared_at(self) -> float | None:
        """When a comparison of the whole table last found it equal."""
        ...

    def confirm(self, since: float) -> None:
        """All rows of both stores have been read since then, and are equal."""
        ...
