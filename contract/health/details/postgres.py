"""Details of PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.health.details.base import ProbeDetails
from contract.json_record import JsonRecord


@dataclass(frozen=True)
class PostgresTable(JsonRecord):
    """A table of the release in PostgreSQL. `exists`: False if PostgreSQL does not have it.
    `relation`: its name there.
    `applied`: its newest definition was applied; `cause`: why it was refused, or None.
    `rows_estimate`: PostgreSQL's n_live_tup. `missing`: columns of the release that PostgreSQL does
    not have. `unknown`: columns of PostgreSQL that the release does not know. `violated`: names of
    constraints that older rows violate, or None. `erasures`: the number of erasures to do again,
    after a restore or an interruption."""

    exists: bool
    applied: bool = True
    cause: str | None = None
    rows_estimate: int = 0
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    violated: str | None = None
    relation: str = ""
    erasures: int = 0


@dataclass(frozen=True)
class PostgresDetails(ProbeDetails):
    """The server, and name of a table → its state. `wal_bytes`: the size of its WAL. `clear_text`:
    it accepts connections without encryption. `certificate_until`: when its certificate expires,
    in seconds since 1970; None: unknown."""

    current_lsn: str
    started_at: str
    connections: int
    max_connections: int
    wal_level: str
    tables: Mapping[str, PostgresTable]
    wal_bytes: int = 0
    clear_text: bool = False
    certificate_until: float | None = None
