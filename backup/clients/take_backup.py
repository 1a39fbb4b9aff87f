"""Takes a backup, if the repository has room."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from backup.clients import disk
from backup.clients.pgbackrest import Backup, PgBackRest
from backup.settings import VOLUME, Settings

MAKE_ROOM = "a larger disk, or a smaller BACKUP_RETENTION_DAYS and make up; then make backup"


def take(kind: str, settings: Settings, pgbackrest: PgBackRest) -> None:
    """Takes a backup. First removes what is beyond the retention: pgBackRest itself does it only
    after a backup that succeeds, and a full disk lets none succeed. Raises BackupError."""
    if pgbackrest.repository().backups:
        pgbackrest.expire()
    if not settings.bucket:
        needed = expected_bytes(kind, pgbackrest.repository().backups)
        disk.require("a backup", needed, Path(VOLUME), MAKE_ROOM)
    pgbackrest.back_up(kind)


def expected_bytes(kind: str, backups: Iterable[Backup]) -> int:
    """How much a backup of this kind adds to the repository: as much as the newest one did; 0
    without one."""
    known = [each for each in backups if each.kind == kind]
    return max(known, key=lambda each: each.stopped_at).stored_bytes if known else 0
