"""The epoch of capture for which a comparison last found all stores equal, of each table.

It is kept in a file per table that outlives the process.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from contract.table.table import Table
from control_center.clients import state_file
from control_center.clients.clients import Clients

CURRENT = "SELECT epoch, reason, began_at FROM riada.capture"


class CaptureEpoch(NamedTuple):
    """`reason`: why the epoch began; `began_at`: ISO 8601."""

    epoch: int
    reason: str
    began_at: str


def current(clients: Clients, database: str = "") -> CaptureEpoch | None:
    """Of a database, "" for Riada's own. None before the first epoch. Raises UnreachableError."""
    with clients.postgres(database) as connection, connection.cursor() as cursor:
        cursor.execute(CURRENT)
        row = cursor.fetchone()
    return CaptureEpoch(row[0], row[1], row[2].isoformat(timespec="seconds")) if row else None


def read(clients: Clients, table: Table) -> int:
    """The verified epoch; 0 without one."""
    try:
        return int(_file(clients, table).read_text())
    except (OSError, ValueError):
        return 0


def at(clients: Clients, table: Table) -> datetime | None:
    """When a comparison last found all stores equal, in UTC; None if that has not happened."""
    try:
        return datetime.fromtimestamp(_file(clients, table).stat().st_mtime, UTC)
    except OSError:
        return None


def write(clients: Clients, table: Table, epoch: int) -> None:
    """Stores the epoch. Raises OSError."""
    state_file.write(_file(clients, table), f"{epoch}\n")


def _file(clients: Clients, table: Table) -> Path:
    return clients.settings.state / "verified-epochs" / table.name
