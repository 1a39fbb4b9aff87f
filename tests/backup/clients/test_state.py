"""The files on the data volume, also after a crash between two of them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from backup.clients.state import Files, Gap, Request, iso
from backup.errors import BackupError

WAL = "000000010000000000000007"
REQUEST = Request("r1", "20261127F", 1, iso(50), 1, iso(100), begun=True)


def test_a_request_that_has_ended_is_not_carried_out_again(tmp_path: Path) -> None:
    """A crash after the state was written, and before the request was removed."""
    files = Files(tmp_path)
    files.write_request(REQUEST)
    files.end(REQUEST)
    files.write_request(REQUEST)
    assert files.request() is None
    assert not (tmp_path / "restore.json").exists()
    assert [each.id for each in files.state().restored] == ["r1"]


def test_a_pending_request_stays(tmp_path: Path) -> None:
    files = Files(tmp_path)
    files.write_request(REQUEST)
    assert files.request() == REQUEST


def test_a_closed_gap_stays_known(tmp_path: Path) -> None:
    files, file = Files(tmp_path), tmp_path / "archive-gap"
    assert files.gap() is None
    files.close_gap()
    file.write_text(f"{iso(100)} {WAL}\n")
    os.utime(file, (200, 200))
    gap = Gap(iso(100), iso(200), WAL)
    assert files.gap() == gap
    files.close_gap()
    assert files.gap() is None
    assert files.state().gaps == (gap,)


def test_a_gap_of_an_earlier_release_has_no_file_name(tmp_path: Path) -> None:
    (tmp_path / "archive-gap").write_text(f"{iso(100)}\n")
    gap = Files(tmp_path).gap()
    assert gap is not None
    assert (gap.first, gap.wal) == (iso(100), "")


def test_another_cluster_takes_the_place_of_this_one(tmp_path: Path) -> None:
    """make restore still finds how its request ended, but no timeline of that time is offered."""
    files = Files(tmp_path)
    files.end(REQUEST)
    files.change(lambda state: replace(state, tested_at=iso(300), tried_at=iso(300)))
    files.forget_cluster()
    state = files.state()
    assert [(each.id, each.left) for each in state.restored] == [("r1", 0)]
    assert (state.tested_at, state.tried_at) == ("", "")


def test_only_one_restore_test_runs(tmp_path: Path) -> None:
    with (
        Files(tmp_path).testing(),
        pytest.raises(BackupError, match="another restore test runs"),
        Files(tmp_path).testing(),
    ):
        pass
    with Files(tmp_path).testing():
        pass
