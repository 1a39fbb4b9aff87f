"""Details of the capture of changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from contract.health.details.base import ProbeDetails
from contract.json_record import JsonRecord

FIRST_EPOCH = 1


@dataclass(frozen=True)
class TableCapture(JsonRecord):
    """`added_epoch`: the epoch in which the table was captured first, 0 before. `verified_epoch`:
    in which a comparison last found all its stores equal, 0 for none. The rows that PostgreSQL held
    before: `requested`: capture was asked for them in this epoch, `requested_s` seconds ago;
    `read`: all of them were read; `failure`: why Debezium could not read them, or None.
    `uncaptured`: changes were not captured for some time, and no comparison was equal since."""

    added_epoch: int = 0
    verified_epoch: int = 0
    requested: bool = False
    requested_s: float | None = None
    read: bool = False
    failure: str | None = None
    uncaptured: bool = False


@dataclass(frozen=True)
class CaptureDetails(ProbeDetails):
    """The epoch of capture, why and when (ISO 8601) it began, and name of a table → its capture.
    `databases`: name of another database whose capture has begun → the same."""

    epoch: int
    reason: str
    began_at: str
    tables: Mapping[str, TableCapture]
    databases: Mapping[str, CaptureDetails] = field(default_factory=dict)

    def is_behind(self, table: TableCapture) -> bool:
        """May rows that were deleted before the epoch be in Cassandra? The epoch in which a table
        was added needs no comparison: Cassandra was empty."""
        return self.epoch > max(FIRST_EPOCH, table.added_epoch, table.verified_epoch)

    @property
    def unverified(self) -> Mapping[str, bool]:
        """Name of a table of any database → may a deleted row be in Cassandra?"""
        captures = (self, *self.databases.values())
        return {
            name: item.is_behind(table) or table.uncaptured
            for item in captures
            for name, table in item.tables.items()
        }

    @property
    def all_tables(self) -> Mapping[str, TableCapture]:
        """The tables of all databases."""
        captures = (self, *self.databases.values())
        return {name: table for item in captures for name, table in item.tables.items()}

    @property
    def being_read(self) -> list[str]:
        """The tables whose existing rows have not all been read."""
        return sorted(name for name, table in self.all_tables.items() if not table.read)
