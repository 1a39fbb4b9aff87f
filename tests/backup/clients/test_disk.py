"""Backups and restore tests leave room to the server."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from backup.clients.disk import GIB, require, reserve
from backup.errors import BackupError


def test_a_tenth_of_a_small_disk_and_8_gib_of_a_large_one_stay_free() -> None:
    assert reserve(20 * GIB) == 2 * GIB
    assert reserve(1000 * GIB) == 8 * GIB


def test_what_does_not_fit_beside_the_reserve_is_refused(tmp_path: Path) -> None:
    disk = shutil.disk_usage(tmp_path)
    room = disk.free - reserve(disk.total)
    require("a restore test", room - GIB, tmp_path, "")
    with pytest.raises(BackupError, match=r"a restore test needs .* GiB are free") as raised:
        require("a restore test", room + GIB, tmp_path, "enlarge the disk")
    assert raised.value.remedy == "enlarge the disk"
