"""Details of the replication slots."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from contract.health.details.base import ProbeDetails


@dataclass(frozen=True)
class SlotDetails(ProbeDetails):
    """Sizes in bytes of WAL. `retained_wal_bytes`: None when the slot does not exist or
    has lost WAL. `unconfirmed_bytes`: WAL that the slot's reader has not confirmed.
    `safe_wal_bytes`: WAL that may still be written before the slot is lost. `changes`: name of a
    table → inserts, updates and deletes, as PostgreSQL counts them. `unpublished`: tables that the
    publication leaves out although their definition was applied. `databases`: name of another
    database that answers → its slot."""

    exists: bool
    active: bool
    wal_status: str | None = None
    restart_lsn: str | None = None
    confirmed_flush_lsn: str | None = None
    retained_wal_bytes: int | None = None
    unconfirmed_bytes: int | None = None
    safe_wal_bytes: int | None = None
    changes: Mapping[str, int] = field(default_factory=dict)
    unpublished: tuple[str, ...] = ()
    databases: Mapping[str, SlotDetails] = field(default_factory=dict)

    @property
    def every(self) -> Mapping[str, SlotDetails]:
        """Name of each database, "" for Riada's own, → its slot."""
        return {"": self, **self.databases}

    @property
    def all_changes(self) -> Mapping[str, int]:
        """The changes of the tables of all databases."""
        return {name: count for slot in self.every.values() for name, count in slot.changes.items()}

    @property
    def is_read(self) -> bool:
        """Does it have a reader, all its WAL, and all tables in the publication?"""
        return self.active and self.wal_status not in (None, "lost") and not self.unpublished

    @property
    def retained(self) -> float:
        """Bytes of WAL that the slot holds back. NaN when the slot does not exist or has lost WAL,
        and never 0 while the slot has no reader."""
        size = self.retained_wal_bytes
        if size is None or (not self.active and not size):
            return math.nan
        return float(size)
