"""Room on the disks that PostgreSQL shares with backups and restore tests."""

from __future__ import annotations

import shutil
from pathlib import Path

from backup.errors import BackupError

GIB = 1 << 30


def reserve(total: int) -> int:
    """Bytes of a disk of `total` bytes that stay free for WAL and rows."""
    return min(8 * GIB, total // 10)


def require(what: str, needed: float, path: Path, remedy: str) -> None:
    """Raises BackupError if `needed` bytes do not fit beside the reserve on the disk of `path`."""
    disk = shutil.disk_usage(path)
    kept = reserve(disk.total)
    if disk.free < needed + kept:
        raise BackupError(
            f"{what} needs {needed / GIB:.1f} GiB of the disk of {path} and leaves "
            f"{kept / GIB:.1f} GiB to the server, but {disk.free / GIB:.1f} GiB are free",
            remedy,
        )
