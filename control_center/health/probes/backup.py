"""PostgreSQL's backups: is the newest one young, does the archive get WAL, was a restore tested?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from contract.health.details.backup import BackupDetails, BackupPart
from contract.health.result import ProbeResult
from contract.stores.postgres.backups import Backups
from control_center.clients.clients import Clients
from control_center.health.outcome import Outcome

OUTCOME = Outcome("backup", "postgres")
# The schedule (backup/schedule.py) takes a backup every day, and tests one every week.
OLD = timedelta(hours=26)
TEST_OLD = timedelta(days=8)
# The first backup and the first test of a new server take their time.
FIRST = timedelta(minutes=15)
FIRST_TEST = timedelta(hours=2)
# The report is written every minute.
SILENT = timedelta(minutes=5)

QUERY = """
SELECT now(), pg_postmaster_start_time(), report, reported_at,
       coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false),
       last_failed_time, last_archived_time,
       (SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready')
FROM riada.backups, pg_stat_archiver
"""


@dataclass(frozen=True)
class Observed:
    """`now`, `started_at`: of the server; `failed_at`: when the newest attempt to archive failed,
    None if it succeeded; `archived_at`: when the archive got WAL last, since statistics began."""

    now: datetime
    started_at: datetime
    report: Backups
    reported_at: datetime
    failed_at: datetime | None
    archived_at: datetime | None
    waiting_wal_files: int


def probe(clients: Clients) -> ProbeResult:
    with clients.postgres() as connection, connection.cursor() as cursor:
        cursor.execute(QUERY)
        row = cursor.fetchone()
    if row is None:
        return OUTCOME.warn("the container postgres has not reported its backups yet")
    now, started, report, reported, is_failing, failed, archived, waiting = row
    observed = Observed(
        now=now,
        started_at=started,
        report=Backups.from_json(report),
        reported_at=reported,
        failed_at=failed if is_failing else None,
        archived_at=archived,
        waiting_wal_files=waiting,
    )
    return evaluate(observed)


def evaluate(observed: Observed) -> ProbeResult:
    """Rows arrive without backups too, so a problem is a warning."""
    problems = {
        part.value: cause
        for part, cause in (
            (BackupPart.ARCHIVE, _archive(observed)),
            (BackupPart.BACKUP, _backup(observed)),
            (BackupPart.RESTORE_TEST, _restore_test(observed)),
        )
        if cause
    }
    report = observed.report
    details = BackupDetails(
        report, observed.reported_at.isoformat(), observed.waiting_wal_files, problems
    )
    if problems:
        return OUTCOME.warn("; ".join(problems.values()), details)
    if not report.newest_at:
        return OUTCOME.ok("the first backup is being taken", details)
    tested = "the first restore test is due"
    if report.tested_at:
        tested = f"a restore was tested {_age(observed, report.tested_at)} ago"
    summary = (
        f"can go back to any time since {report.oldest_at[:16].replace('T', ' ')} UTC, the newest "
        f"backup is {_age(observed, report.newest_at)} old, {tested}"
    )
    return OUTCOME.ok(summary, details)


def _archive(observed: Observed) -> str:
    if observed.failed_at:
        since = observed.archived_at or observed.started_at
        return (
            f"WAL has not been archived since {since:%Y-%m-%d %H:%M:%S} UTC, and "
            f"{observed.waiting_wal_files} files fill PostgreSQL's disk: make logs S=postgres "
            "names the cause"
        )
    if observed.report.gap_since:
        return (
            f"WAL was dropped at {observed.report.gap_since}, because it could not be archived: "
            "changes since then cannot be restored until the next backup. make backup takes it"
        )
    return ""


def _backup(observed: Observed) -> str:
    report = observed.report
    if report.problem:
        return f"backups fail: {report.problem}"
    if observed.now - max(observed.reported_at, observed.started_at) > SILENT:
        return (
            f"the schedule of backups has not reported since {observed.reported_at:%H:%M:%S} UTC: "
            "make logs S=postgres"
        )
    if not report.newest_at:
        return _after(observed, FIRST, "there is no backup: make backup takes one")
    if observed.now - datetime.fromisoformat(report.newest_at) > OLD:
        age = _age(observed, report.newest_at)
        return _after(observed, FIRST, f"the newest backup is {age} old: make backup takes one")
    return ""


def _restore_test(observed: Observed) -> str:
    report = observed.report
    if report.test_problem:
        return f"the restore test fails: {report.test_problem}"
    if not report.newest_at:
        return ""
    if not report.tested_at:
        return _after(observed, FIRST_TEST, "no restore was tested: make restore-test does it")
    if observed.now - datetime.fromisoformat(report.tested_at) > TEST_OLD:
        age = _age(observed, report.tested_at)
        return _after(observed, FIRST_TEST, f"the newest restore test was {age} ago")
    return ""


def _after(observed: Observed, pause: timedelta, problem: str) -> str:
    """The problem, once the server has run for this time: the schedule needs it to catch up."""
    return problem if observed.now - observed.started_at > pause else ""


def _age(observed: Observed, moment: str) -> str:
    minutes = (observed.now - datetime.fromisoformat(moment)) / timedelta(minutes=1)
    if minutes < 100:
        return f"{max(minutes, 0):.0f} min"
    return f"{minutes / 60:.0f} h" if minutes < 72 * 60 else f"{minutes / 1440:.0f} d"
