"""What a PostgreSQL server says about itself, as far as capture needs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from contract.table.database import Database
from contract.table.table import Table

FULL, DEFAULT = "f", "d"  # pg_class.relreplident


@dataclass(frozen=True)
class TableFacts:
    """`identity`: pg_class.relreplident. `has_key`: it has a primary key that is not deferrable.
    `readable`: the user may read it. `hidden`: row security may hide rows from the user.
    `published`: the publication lists it; `filtered`: without some rows or columns. `constraints`:
    names of its validated CHECK constraints."""

    identity: str = DEFAULT
    has_key: bool = True
    readable: bool = True
    hidden: bool = False
    published: bool = True
    filtered: bool = False
    constraints: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Publication:
    """`lists`: it names its tables, instead of having all of them. `complete`: it publishes
    inserts, updates and deletes. `own`: the tables of schema riada in it, such as riada.signal."""

    lists: bool = True
    complete: bool = True
    own: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ServerFacts:
    """`version` such as "16.4". `standby`: the server only reads. `free_slots` and `free_senders`:
    how many replication slots and senders are not used. `slot_exists`: the database's own slot.
    `replicates`: the user may replicate. `rds`: the server belongs to AWS. `enters`: the user may
    use schema riada; `rights`: each table of it that exists → what the user may do. `tables`: name
    → those tables that exist."""

    version: str
    wal_level: str = "logical"
    standby: bool = False
    free_slots: int = 1
    free_senders: int = 1
    slot_exists: bool = True
    replicates: bool = True
    rds: bool = False
    enters: bool = True
    rights: Mapping[str, frozenset[str]] = field(default_factory=dict)
    publication: Publication | None = None
    tables: Mapping[str, TableFacts] = field(default_factory=dict)

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])


class Server(Protocol):
    """A PostgreSQL server, or a stand-in of the unit tests."""

    def facts(self, database: Database, tables: Iterable[Table]) -> ServerFacts:
        """Raises UnreachableError."""
