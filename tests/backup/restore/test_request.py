"""Which backup a restore takes, and what is refused before anything stops."""

from __future__ import annotations

from pathlib import Path

import pytest

from backup.clients import server
from backup.clients.pgbackrest import Backup, PgBackRest, Repository
from backup.clients.state import Files, Gap, Request, Restored, iso, seconds
from backup.errors import BackupError
from backup.restore import request as requests
from backup.restore.request import EXPIRY_S, Wanted
from backup.settings import Settings

# A restore left timeline 1 at position 150: backup `taken_back` is of the replaced time.
HISTORY = "1\t0/96\tbefore x\n"
T = 1_000_000.0


def taken(label: str, timeline: int, lsn: int, stopped_at: float, cluster: int = 1) -> Backup:
    return Backup(label, "full", cluster, timeline, lsn, stopped_at - 1, stopped_at, 1)


BACKUPS = (
    taken("old", 1, 100, T),
    taken("taken_back", 1, 200, T + 100),
    taken("new", 2, 160, T + 200),
)
REPOSITORY = Repository({1: "7"}, {1: "15-1"}, {1: ""}, BACKUPS)


class InMemoryArchive(PgBackRest):
    """Its archive has one restore."""

    def history(self, archive: str, timeline: int) -> str | None:
        assert archive == "15-1"
        return HISTORY if timeline == 2 else None


def chosen(wanted: Wanted, present: int = 2, repository: Repository = REPOSITORY) -> Request:
    return requests._chosen(wanted, repository, 1, present, InMemoryArchive())


@pytest.mark.parametrize(
    ("wanted", "label", "timeline"),
    [
        (Wanted(None), "new", 2),
        (Wanted(T + 250), "new", 2),
        (Wanted(T + 150), "old", 2),
        (Wanted(T + 150, timeline=1), "taken_back", 1),
        (Wanted(None, timeline=1), "taken_back", 1),
    ],
)
def test_the_newest_backup_of_the_history_before_the_time(
    wanted: Wanted, label: str, timeline: int
) -> None:
    request = chosen(wanted)
    assert (request.label, request.timeline, request.left) == (label, timeline, 2)
    assert request.target == ("" if wanted.moment is None else iso(wanted.moment))


def test_an_empty_volume_gets_the_newest_timeline_of_the_archive() -> None:
    request = requests.automatic(REPOSITORY, InMemoryArchive())
    assert request is not None
    assert (request.label, request.timeline, request.left) == ("new", 2, 0)
    empty = Repository({1: "7"}, {1: "15-1"}, {1: ""}, ())
    assert requests.automatic(empty, InMemoryArchive()) is None


def test_a_time_before_the_first_backup_is_refused_with_the_range() -> None:
    with pytest.raises(BackupError, match="cannot restore that time") as raised:
        chosen(Wanted(T - 1))
    assert raised.value.remedy == f"TIME can be from {iso(T)} to now"


@pytest.mark.parametrize(
    ("wanted", "cluster"),
    [
        (Wanted(T + 400), 2),
        (Wanted(T + 350), 2),  # refused: there is no backup of it yet
        (Wanted(T + 250), 1),
        (Wanted(T - 1), 1),  # refused with the range
        (Wanted(T + 250, timeline=1), 2),
        (Wanted(None), 2),
    ],
)
def test_a_time_before_an_upgrade_is_that_of_the_earlier_cluster(
    wanted: Wanted, cluster: int
) -> None:
    begun = str(int(T + 300) << 32)
    backups = (*BACKUPS, taken("upgraded", 1, 300, T + 360, cluster=2))
    upgraded = Repository({1: "7", 2: begun}, {1: "15-1", 2: "17-2"}, {1: "", 2: ""}, backups)
    assert requests.cluster_at(wanted, upgraded, 2) == cluster


def test_a_cluster_without_a_backup_in_the_repository() -> None:
    assert requests.cluster_at(Wanted(T), Repository({}, {}, {}, ()), None) is None
    unknown = Repository({1: str(int(T + 300) << 32)}, {}, {}, ())
    assert requests.cluster_at(Wanted(T), unknown, 1) == 1


def test_a_timeline_that_the_archive_does_not_have_is_refused() -> None:
    with pytest.raises(BackupError, match="no timeline 3"):
        chosen(Wanted(None, timeline=3))


def test_a_repository_without_a_backup_of_this_server() -> None:
    with pytest.raises(BackupError, match="no backup of this server"):
        requests._chosen(Wanted(None), REPOSITORY, 2, 1, InMemoryArchive())


@pytest.mark.parametrize(
    ("wanted", "refused"),
    [
        (Wanted(T + 50), True),
        (Wanted(T + 50, timeline=1), False),
        (Wanted(None), False),
        (Wanted(T - 50), False),
        (Wanted(T + 150), False),
    ],
)
def test_a_time_of_two_histories_needs_the_timeline(wanted: Wanted, refused: bool) -> None:
    restored = [Restored("r", iso(T + 100), iso(T), 1), Restored("f", iso(T + 999), iso(T), 1, "x")]
    if not refused:
        requests._refuse_replaced(wanted, restored)
        return
    with pytest.raises(BackupError) as raised:
        requests._refuse_replaced(wanted, restored)
    assert raised.value.remedy == "add TIMELINE=1 to return to it"


def test_a_request_that_nobody_carries_out_expires() -> None:
    request = chosen(Wanted(None))
    moment = seconds(request.at) + EXPIRY_S
    assert not requests.is_expired(request, moment)
    assert requests.is_expired(request, moment + 1)
    begun = Request(**{**vars(request), "begun": True})
    assert not requests.is_expired(begun, moment + 1)


def test_a_timeline_that_a_restore_left_has_no_later_time() -> None:
    """PostgreSQL would never reach such a target."""
    restored = [Restored("r", iso(T + 100), iso(T), 1), Restored("f", iso(T + 10), iso(T), 1, "x")]
    requests._refuse_replaced(Wanted(T + 99, timeline=1), restored)
    requests._refuse_replaced(Wanted(None, timeline=1), restored)
    requests._refuse_replaced(Wanted(T + 101, timeline=2), restored)
    with pytest.raises(BackupError, match="timeline 1 ended at") as raised:
        requests._refuse_replaced(Wanted(T + 101, timeline=1), restored)
    assert raised.value.remedy == "leave out TIME to return to its last change"


GAP = Gap(iso(T + 300), iso(T + 320), "000000020000000000000009")


@pytest.mark.parametrize(
    ("wanted", "refused"),
    [
        (Wanted(T + 239), False),
        (Wanted(T + 310), True),
        (Wanted(T + 400, discard=True), True),
        (Wanted(None), True),
        (Wanted(None, discard=True), False),
        (Wanted(None, timeline=1), False),
    ],
)
def test_a_time_that_dropped_wal_held_is_refused(wanted: Wanted, refused: bool) -> None:
    def choose() -> Request:
        return requests._chosen(wanted, REPOSITORY, 1, 2, InMemoryArchive(), [GAP])

    if not refused:
        assert choose()
        return
    with pytest.raises(BackupError, match="WAL was dropped from") as raised:
        choose()
    assert raised.value.remedy.startswith(f"TIME={iso(T + 240)}")


def test_an_open_gap_refuses_a_restore_that_could_not_be_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class OneBackup(InMemoryArchive):
        def repository(self) -> Repository:
            return REPOSITORY

    (tmp_path / "archive-gap").write_text(f"{GAP.first} {GAP.wal}\n")
    monkeypatch.setattr(server, "is_running", lambda data: True)
    settings = Settings(tmp_path, tmp_path / "data", tmp_path, 14, 1)
    with pytest.raises(BackupError, match="could not be undone") as raised:
        requests.request(Wanted(None), settings, OneBackup(), Files(tmp_path))
    assert raised.value.remedy.startswith("run make backup")
    assert "DISCARD=1" in raised.value.remedy
    assert not (tmp_path / "restore.json").exists()
