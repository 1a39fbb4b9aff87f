"""What the container's log says about a fault of the backups."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from backup.clients.pgbackrest import PgBackRest
from backup.clients.state import Files
from backup.errors import BackupError
from backup.follow import Follower
from backup.settings import Settings


class EndError(Exception):
    """Ends the loop."""


def test_a_fault_is_logged_once_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(tmp_path, tmp_path / "data", tmp_path, 14, 1)
    follower = Follower(settings, PgBackRest(), Files(tmp_path))
    rounds = itertools.count(1)

    def fail() -> None:
        if next(rounds) > 3:
            raise EndError
        raise BackupError("the repository cannot be read", "make logs S=postgres has the cause")

    monkeypatch.setattr(follower, "_round", fail)
    monkeypatch.setattr("time.sleep", lambda _: None)
    with pytest.raises(EndError):
        follower.run()
    assert capsys.readouterr().out.splitlines() == [
        "backup: postgres: the repository cannot be read. make logs S=postgres has the cause"
    ]
