"""When a backup or a restore test is due."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backup.clients.pgbackrest import Backup
from backup.clients.state import State, iso
from backup.schedule import DAY_S, FIRST_TEST_S, OLD_VERSIONS_D, Failure, Task, due, kept_days

NOW = 1795777821.0
STARTED = NOW - 10 * DAY_S
TESTED = State(tried_at=iso(NOW - DAY_S))


def taken(age_s: float, kind: str = "full") -> Backup:
    return Backup(kind, kind, 1, 1, 1, NOW - age_s - 60, NOW - age_s, 1)


@pytest.mark.parametrize(
    ("backups", "task"),
    [
        ([], Task.FULL),
        ([taken(60)], None),
        ([taken(DAY_S)], Task.INCREMENTAL),
        ([taken(3 * DAY_S), taken(60, "incr")], None),
        ([taken(7 * DAY_S), taken(60, "incr")], Task.FULL),
    ],
)
def test_a_full_backup_every_week_and_an_incremental_one_every_day(
    backups: list[Backup], task: Task | None
) -> None:
    assert due(NOW, STARTED, backups, TESTED) is task


def test_dropped_wal_asks_for_a_backup_that_begins_after_it() -> None:
    assert due(NOW, STARTED, [taken(60)], TESTED, gap_at=NOW - 100) is Task.INCREMENTAL
    assert due(NOW, STARTED, [taken(60)], TESTED, gap_at=NOW - 200) is None


def test_a_backup_that_failed_is_tried_again_after_ten_minutes() -> None:
    assert due(NOW, STARTED, [], TESTED, failure=Failure(NOW - 599, "x")) is None
    assert due(NOW, STARTED, [], TESTED, failure=Failure(NOW - 600, "x")) is Task.FULL


def test_a_restore_test_every_week() -> None:
    backups = [taken(60)]
    assert due(NOW, STARTED, backups, State()) is Task.TEST
    assert due(NOW, STARTED, backups, State(tried_at=iso(NOW - 7 * DAY_S))) is Task.TEST
    assert due(NOW, STARTED, backups, TESTED) is None


def test_a_restore_test_that_failed_is_tried_again_after_six_hours() -> None:
    failed = State(tried_at=iso(NOW - 6 * 3600), test_problem="x")
    assert due(NOW, STARTED, [taken(60)], failed) is Task.TEST
    recent = State(tried_at=iso(NOW - 3600), test_problem="x")
    assert due(NOW, STARTED, [taken(60)], recent) is None


def test_the_first_restore_test_waits_until_the_platform_has_started() -> None:
    assert due(NOW, NOW - FIRST_TEST_S + 1, [taken(60)], State()) is None
    assert due(NOW, NOW - FIRST_TEST_S, [taken(60)], State()) is Task.TEST


def test_what_a_change_replaced_leaves_the_repository() -> None:
    assert kept_days(14, is_bucket=False) == 14 + 7 + 1
    assert kept_days(14, is_bucket=True) == 14 + 7 + 1 + 30 + 1


def test_old_versions_of_objects_are_kept_as_the_bucket_says() -> None:
    bucket = Path("infra/aws/bucket.tf").read_text()
    [rule] = re.findall(r'"old-versions".*?noncurrent_days = (\d+)', bucket, re.DOTALL)
    assert int(rule) == OLD_VERSIONS_D
