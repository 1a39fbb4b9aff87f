"""An older copy of a data folder is recognised by the archive."""

from __future__ import annotations

import pytest

from backup.clients.pgbackrest import Repository
from backup.restore.carry_out import is_older_copy

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
    assert is_older_copy(REPOSITORY, system, current) is older
