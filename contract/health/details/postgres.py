"""Details of PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass

from contract.health.details.base import ProbeDetails


@dataclass(frozen=True)
class PostgresDetails(ProbeDetails):
    """Estimates are PostgreSQL's n_live_tup. `violated`: names of constraints that older rows
    violate, None if all rows satisfy all constraints."""

    users_estimate: int
    rejects_estimate: int
    current_lsn: str
    started_at: str
    connections: int
    max_connections: int
    wal_level: str
    violated: str | None = None
