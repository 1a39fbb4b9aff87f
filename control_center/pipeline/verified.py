"""Which epoch of capture a comparison last found equal, in a file that outlives the process."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from control_center.clients.clients import Clients

CURRENT = "SELECT epoch, reason, began_at FROM public.capture"


def current(clients: Clients) -> tuple[int, str, str] | None:
    """Epoch, why it began, and when (ISO 8601); None before the first. Raises UnreachableError."""
    with clients.postgres() as connection, connection.cursor() as cursor:
        cursor.execute(CURRENT)
        row = cursor.fetchone()
    return (row[0], row[1], row[2].isoformat(timespec="seconds")) if row else None


def read(clients: Clients) -> int:
    """0 if there was no equal comparison."""
    try:
        return int(_file(clients).read_text())
    except (OSError, ValueError):
        return 0


def at(clients: Clients) -> datetime | None:
    """When a comparison last found all equal."""
    try:
        return datetime.fromtimestamp(_file(clients).stat().st_mtime, UTC)
    except OSError:
        return None


def write(clients: Clients, epoch: int) -> None:
    file = _file(clients)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(f"{epoch}\n")
    fresh.replace(file)


def _file(clients: Clients) -> Path:
    return clients.settings.state / "verified-epoch"
