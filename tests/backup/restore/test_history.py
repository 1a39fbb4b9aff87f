"""Which backups lead to the present history, after restores have taken changes back."""

from __future__ import annotations

import pytest

from backup.clients.pgbackrest import Backup
from backup.clients.state import Gap, iso
from backup.restore.history import WAL_S, History, newest, parse, position, start_of
from cli.host.paths import ROOT

FILES = {
    2: "1\t0/3018AF8\tbefore 2026-11-27 11:10:26.873873+00\n\n",
    3: "1\t0/3018AF8\tbefore x\n\n2\t0/5000000\tno recovery target specified\n",
}


def taken(timeline: int, lsn: str, stopped_at: float = 10) -> Backup:
    return Backup("label", "full", 1, timeline, position(lsn), stopped_at - 1, stopped_at, 1)


def test_the_newest_history_is_read_file_by_file() -> None:
    assert newest(lambda _: None) == History(1)
    expected = History(3, {1: 0x3018AF8, 2: 0x5000000})
    assert newest(FILES.get) == expected == parse(3, FILES[3])


def test_a_backup_of_the_changes_that_a_restore_took_back_does_not_count() -> None:
    history = parse(3, FILES[3])
    assert history.holds(taken(3, "0/9000000"))
    assert history.holds(taken(1, "0/3018AF8"))
    assert not history.holds(taken(1, "0/3018AF9"))
    assert not history.holds(taken(4, "0/1"))


def test_backups_before_a_moment_the_newest_last() -> None:
    late, early = taken(1, "0/2", 20), taken(1, "0/1", 10)
    assert History(1).before([late, early], 20) == [early, late]
    assert History(1).before([late, early], 19.9) == [early]


def test_a_position_above_4_gib() -> None:
    assert position("A/1") == (10 << 32) + 1
    assert start_of("000000020000000A000000FE") == (2, (10 << 32) + 0xFE000000)


# Timeline 1 was left at 0/3018AF8: the first gap is before that, the second one after it.
HELD = Gap(iso(1000), iso(1100), "000000010000000000000002")
LEFT = Gap(iso(1000), iso(1100), "000000010000000000000004")


@pytest.mark.parametrize(
    ("gap", "backup_at", "moment", "lacks"),
    [
        (HELD, 900, None, True),
        (HELD, 900, 1001, True),
        (HELD, 900, 1000 - WAL_S + 1, True),
        (HELD, 900, 1000 - WAL_S, False),
        (HELD, 1102, None, False),
        (LEFT, 900, None, False),
        (Gap(iso(1000), iso(1100)), 900, None, False),
    ],
)
def test_a_recovery_across_dropped_wal(
    gap: Gap, backup_at: float, moment: float | None, lacks: bool
) -> None:
    backup = taken(1, "0/1000000", backup_at)
    assert parse(2, FILES[2]).lacks(gap, backup, moment) is lacks


def test_a_history_that_began_at_dropped_wal_does_not_lack_it() -> None:
    backup = taken(1, "0/1000000", 900)
    assert not History(2, {1: position("0/2000000")}).lacks(HELD, backup, None)
    assert History(2, {1: position("0/2000001")}).lacks(HELD, backup, None)


def test_a_wal_file_holds_the_changes_of_archive_timeout() -> None:
    entrypoint = (ROOT / "docker/postgres/entrypoint.sh").read_text()
    assert f"archive_timeout={WAL_S:.0f}\n" in entrypoint
