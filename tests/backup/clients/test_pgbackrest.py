"""What pgBackRest's answers mean."""

from __future__ import annotations

import json
from typing import Any

import pytest

from backup.clients.pgbackrest import Backup, cause, parse
from backup.errors import BackupError

STANZA: dict[str, Any] = {
    "archive": [
        {"database": {"id": 1, "repo-key": 1}, "id": "15-1", "max": "000000020000000000000004"}
    ],
    "backup": [
        {
            "archive": {"start": "000000020000000000000002", "stop": "000000020000000000000003"},
            "database": {"id": 1, "repo-key": 1},
            "error": False,
            "info": {"size": 23213833, "repository": {"delta": 2900000, "size": 2900000}},
            "label": "20261127-111021F",
            "lsn": {"start": "0/2000028", "stop": "1/2000100"},
            "timestamp": {"start": 1795777821, "stop": 1795777823},
            "type": "full",
        }
    ],
    "db": [
        {"id": 1, "repo-key": 1, "system-id": 7712807008813444458, "version": "15"},
        {"id": 2, "repo-key": 1, "system-id": 5, "version": "15"},
    ],
    "name": "postgres",
    "repo": [{"key": 1, "status": {"code": 0, "message": "ok"}}],
    "status": {"code": 0, "message": "ok"},
}


def test_a_backup_has_timeline_and_position_of_its_end() -> None:
    repository = parse(json.dumps([STANZA]))
    expected = Backup(
        "20261127-111021F",
        "full",
        1,
        2,
        (1 << 32) + 0x2000100,
        1795777821,
        1795777823,
        size_bytes=23213833,
        stored_bytes=2900000,
    )
    assert repository.backups == (expected,)
    assert repository.number("7712807008813444458") == 1
    assert repository.newest_wal == {1: "000000020000000000000004"}
    assert repository.of(2) == ()
    assert repository.number("6") is None


@pytest.mark.parametrize("code", [1, 2, 3])
def test_a_repository_without_backups(code: int) -> None:
    empty = {"archive": [], "backup": [], "db": [], "name": "postgres", "repo": []}
    repository = parse(json.dumps([empty | {"status": {"code": code, "message": "missing"}}]))
    assert repository.backups == ()
    assert parse("[]").backups == ()


def test_a_repository_that_cannot_be_read_is_not_empty() -> None:
    """Otherwise an empty data volume would get a new cluster."""
    broken = {"code": 99, "message": "[HostConnectError] unable to connect"}
    stanza = STANZA | {"backup": [], "status": {"code": 99, "message": "other"}}
    with pytest.raises(BackupError, match="HostConnectError"):
        parse(json.dumps([stanza | {"repo": [{"status": broken}]}]))


def test_the_cause_is_the_text_of_the_errors() -> None:
    output = "WARN: x\nERROR: [055]: unable to open\n       HINT: y\nERROR: [056]: other\n"
    assert cause(output) == "[055]: unable to open; [056]: other"
    assert cause("\nsegmentation fault\n") == "segmentation fault"
    assert cause("") == "pgbackrest failed"
