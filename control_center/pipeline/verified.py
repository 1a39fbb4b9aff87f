"""The epoch of capture for which a comparison last found all stores equal, of each table.

The continuous verification counts as a comparison when it has read all rows of both stores. The
epoch is kept in a file per table that outlives the process; the file's time is the comparison's.
"""

from __future__ import annotations

import os
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
    """The epoch of a database, "" for Riada's own. None before the first epoch. Raises
    UnreachableError."""
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


def confirm(clients: Clients, table: Table, epoch: int, began_at: float) -> None:
    """All rows were read in this epoch since `began_at`, in epoch seconds, and are equal. Raises
    OSError."""
    known = at(clients, table)
    if known is None or (epoch >= read(clients, table) and known.timestamp() < began_at):
        write(clients, table, epoch)
        os.utime(_file(clients, table), (began_at, began_at))


def _file(clients: Clients, table: Table) -> Path:
    return clients.settings.state / "verified-epochs" / table.name
