"""A backup first makes room, and leaves some to the server."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from backup.clients import disk
from backup.clients.pgbackrest import Backup, PgBackRest, Repository
from backup.clients.take_backup import expected_bytes, take
from backup.errors import BackupError
from backup.settings import Settings


def taken(kind: str, stopped_at: float, stored_bytes: int) -> Backup:
    return Backup(kind, kind, 1, 1, 1, stopped_at - 1, stopped_at, 1, stored_bytes)


BACKUPS = (taken("full", 1, 900), taken("full", 3, 1000), taken("incr", 4, 10))


def test_a_backup_takes_as_much_room_as_the_newest_of_its_kind() -> None:
    assert expected_bytes("full", BACKUPS) == 1000
    assert expected_bytes("incr", BACKUPS) == 10
    assert expected_bytes("diff", BACKUPS) == 0


class RecordingRepository(PgBackRest):
    """Records what is done to it, and does nothing."""

    def __init__(self, *backups: Backup) -> None:
        self.backups = backups
        self.done: list[str] = []

    def repository(self) -> Repository:
        return Repository({1: "7"}, {1: "15-1"}, {1: ""}, self.backups)

    def expire(self) -> None:
        self.done.append("expire")

    def back_up(self, kind: str) -> None:
        self.done.append(kind)


LOCAL = Settings(Path("/"), Path("/"), Path("/"), 14, 1, bucket="")


def test_a_backup_first_removes_what_is_beyond_the_retention() -> None:
    """After a failure pgBackRest would not, and a full disk lets no backup succeed."""
    bucket = replace(LOCAL, bucket="riada")
    full = RecordingRepository(*BACKUPS)
    take("incr", bucket, full)
    assert full.done == ["expire", "incr"]
    empty = RecordingRepository()
    take("full", bucket, empty)
    assert empty.done == ["full"], "expire fails without a stanza"


def test_a_disk_without_room_gets_no_backup(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backup.clients.take_backup.VOLUME", "/")
    monkeypatch.setattr(disk, "reserve", lambda total: 1 << 60)
    full = RecordingRepository(*BACKUPS)
    with pytest.raises(BackupError, match="a backup needs") as raised:
        take("full", LOCAL, full)
    assert "BACKUP_RETENTION_DAYS" in raised.value.remedy
    assert full.done == ["expire"]
