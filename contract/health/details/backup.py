"""Details of PostgreSQL's backups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from contract.health.details.base import ProbeDetails
from contract.stores.postgres.backups import Backups


class BackupPart(str, Enum):
    """What can have a problem of its own."""

    BACKUP = "backup"
    ARCHIVE = "archive"
    RESTORE_TEST = "restore-test"


@dataclass(frozen=True)
class BackupDetails(ProbeDetails):
    """`report`: of the container postgres, at `reported_at` (ISO 8601). `waiting_wal_files`: files
    of WAL that wait for the archive. `problems`: value of a BackupPart → its cause."""

    report: Backups
    reported_at: str
    waiting_wal_files: int = 0
    problems: Mapping[str, str] = field(default_factory=dict)
