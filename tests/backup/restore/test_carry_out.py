"""An older copy of a data folder, and a recovery that ends before its target."""

from __future__ import annotations

from pathlib import Path

import pytest

from backup.clients.pgbackrest import Repository
from backup.clients.state import Files, Request, iso
from backup.restore.carry_out import END_BEFORE_TARGET, is_older_copy, is_without_target

NEWEST = "000000020000000000000004"
REPOSITORY = Repository({1: "7", 2: "8"}, {1: "15-1", 2: "15-2"}, {1: NEWEST, 2: ""}, ())


@pytest.mark.parametrize(
    ("system", "current", "older"),
    [
        ("7", "000000020000000000000005", False),
        ("7", "000000030000000000000001", False),
        ("7", NEWEST, True),
        ("7", "000000020000000000000001", True),
        ("7", "000000010000000000000009", True),
        ("8", "000000010000000000000001", False),
        ("9", "000000010000000000000001", False),
    ],
)
def test_an_older_copy(system: str, current: str, older: bool) -> None:
    assert is_older_copy(REPOSITORY, REPOSITORY.number(system), current) is older


def test_a_target_after_the_last_commit_becomes_the_end(tmp_path: Path) -> None:
    files = Files(tmp_path)
    files.write_request(Request("r1", "20261127F", 1, iso(50), 1, iso(100), begun=True))
    assert not is_without_target("FATAL:  could not open file", files)
    log = f"LOG:  redo done\n2026-11-27 UTC [7] FATAL:  {END_BEFORE_TARGET}\n"
    assert is_without_target(log, files)
    pending = files.request()
    assert pending is not None
    assert (pending.to_end, pending.target) == (True, iso(50))
    assert not is_without_target(log, files), "otherwise the start would never end"
