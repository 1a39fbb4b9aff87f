"""PostgreSQL's backups: each part that can fail has its own problem."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from contract.health.details.backup import BackupDetails, BackupPart
from contract.health.state import ProbeState
from contract.stores.postgres.backups import Backups
from control_center.health.probes.backup import Observed, evaluate

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=timezone.utc)


def ago(**duration: float) -> str:
    return (NOW - timedelta(**duration)).isoformat()


GOOD = Observed(
    now=NOW,
    started_at=NOW - timedelta(days=9),
    report=Backups(
        newest_at=ago(hours=3),
        newest_kind="incr",
        oldest_at="2026-11-13T10:00:00.000+00:00",
        tested_at=ago(days=4),
    ),
    reported_at=NOW - timedelta(seconds=30),
    failed_at=None,
    archived_at=NOW - timedelta(seconds=20),
    waiting_wal_files=0,
)


def problems(observed: Observed) -> dict[str, str]:
    result = evaluate(observed)
    assert isinstance(result.details, BackupDetails)
    assert (result.state is ProbeState.WARN) == bool(result.details.problems)
    return dict(result.details.problems)


def reported(**report: Any) -> Observed:
    return replace(GOOD, report=replace(GOOD.report, **report))


def test_good_backups_name_the_range_and_the_proof() -> None:
    result = evaluate(GOOD)
    assert result.state is ProbeState.OK
    assert result.summary == (
        "can go back to any time since 2026-11-13 10:00 UTC, the newest backup is 3 h old, "
        "a restore was tested 4 d ago"
    )


@pytest.mark.parametrize(
    ("observed", "part", "text"),
    [
        (reported(newest_at=ago(hours=27)), BackupPart.BACKUP, "27 h old: make backup"),
        (reported(newest_at="", tested_at=""), BackupPart.BACKUP, "there is no backup"),
        (reported(problem="no space left"), BackupPart.BACKUP, "fail: no space left"),
        (
            replace(GOOD, reported_at=NOW - timedelta(minutes=6)),
            BackupPart.BACKUP,
            "has not reported since 11:54:00",
        ),
        (
            replace(GOOD, failed_at=NOW, waiting_wal_files=7),
            BackupPart.ARCHIVE,
            "since 2026-11-27 11:59:40 UTC, and 7 files fill",
        ),
        (reported(gap_since=ago(hours=1)), BackupPart.ARCHIVE, "WAL was dropped at"),
        (reported(tested_at=ago(days=9)), BackupPart.RESTORE_TEST, "test was 9 d ago"),
        (reported(tested_at=""), BackupPart.RESTORE_TEST, "make restore-test"),
        (reported(test_problem="page 3"), BackupPart.RESTORE_TEST, "fails: page 3"),
    ],
)
def test_a_problem_names_its_part(observed: Observed, part: BackupPart, text: str) -> None:
    named = problems(observed)
    assert named.keys() == {part.value}
    assert text in named[part.value]


def test_a_server_that_has_just_started_gets_time() -> None:
    started = replace(GOOD, started_at=NOW - timedelta(minutes=10))
    assert not problems(replace(started, report=Backups()))
    assert not problems(replace(started, report=replace(GOOD.report, newest_at=ago(days=30))))
    assert not problems(replace(started, report=replace(GOOD.report, tested_at="")))
    assert evaluate(replace(started, report=Backups())).summary == "the first backup is being taken"
