"""The epoch of capture for which a comparison last found all stores equal.

It is kept in a file that outlives the process.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from control_center.clients.clients import Clients

CURRENT = "SELECT epoch, reason, began_at FROM public.capture"


class CaptureEpoch(NamedTuple):
    """`reason`: why the epoch began; `began_at`: ISO 8601."""

    epoch: int
    reason: str
    began_at: str


def current(clients: Clients) -> CaptureEpoch | None:
    """None before the first epoch. Raises UnreachableError."""
    with clients.postgres() as connection, connection.cursor() as cursor:
        cursor.execute(CURRENT)
        row = cursor.fetchone()
    return CaptureEpoch(row[0], row[1], row[2].isoformat(timespec="seconds")) if row else None


def read(clients: Clients) -> int:
    """The verified epoch; 0 without one."""
    try:
        return int(_file(clients).read_text())
    except (OSError, ValueError):
        return 0


def at(clients: Clients) -> datetime | None:
    """When a comparison last found all stores equal, in UTC; None if that has not happened."""
    try:
        return datetime.fromtimestamp(_file(clients).stat().st_mtime, UTC)
    except OSError:
        return None


def write(clients: Clients, epoch: int) -> None:
    """Stores the epoch; a reader sees the complete old or the complete new file."""
    file = _file(clients)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(f"{epoch}\n")
    fresh.replace(file)


def _file(clients: Clients) -> Path:
    return clients.settings.state / "verified-epoch"
