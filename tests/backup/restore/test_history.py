"""Which backups lead to the present history, after restores have taken changes back."""

from __future__ import annotations

from backup.clients.pgbackrest import Backup
from backup.restore.history import History, newest, parse, position

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
