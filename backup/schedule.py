"""When a backup is taken and when a restore is tested: decisions without side effects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from backup.clients.pgbackrest import Backup
from backup.clients.state import State, seconds

DAY_S = 86400.0
FULL_S = 7 * DAY_S
INCREMENTAL_S = DAY_S
TEST_S = 7 * DAY_S
# The rule `old-versions` of infra/aws/bucket.tf.
OLD_VERSIONS_D = 30
# After a failure.
RETRY_S = 600.0
TEST_RETRY_S = 6 * 3600.0
# The first restore test waits until the platform has started.
FIRST_TEST_S = 900.0


class Task(str, Enum):
    """The argument of the program that carries it out."""

    FULL = "full"
    INCREMENTAL = "incr"
    TEST = "test"


@dataclass(frozen=True)
class Failure:
    """The newest backup failed, at this time."""

    at: float
    cause: str


def due(
    now: float,
    started_at: float,
    backups: Iterable[Backup],
    state: State,
    gap_at: float | None = None,
    failure: Failure | None = None,
) -> Task | None:
    """What has to be done now. `started_at`: of this container; `backups`: of this server;
    `gap_at`: when WAL was dropped last; `failure`: of the newest backup. Times in seconds since
    1970."""
    known = list(backups)
    may_back_up = failure is None or now - failure.at >= RETRY_S
    if may_back_up and (kind := _backup(now, known, gap_at)):
        return kind
    if not known or now - started_at < FIRST_TEST_S:
        return None
    pause_s = TEST_RETRY_S if state.test_problem else TEST_S
    return Task.TEST if now - seconds(state.tried_at) >= pause_s else None


def kept_days(retention_d: int, is_bucket: bool) -> int:
    """So many days after a change its earlier state has left the repository. The last full backup
    before it expires when the next full one is older than the retention, at the next backup. S3
    keeps an old version of an object for OLD_VERSIONS_D, and deletes it the day after."""
    expired_d = retention_d + int((FULL_S + INCREMENTAL_S) / DAY_S)
    return expired_d + (OLD_VERSIONS_D + 1 if is_bucket else 0)


def _backup(now: float, backups: list[Backup], gap_at: float | None) -> Task | None:
    full = max((each.stopped_at for each in backups if each.kind == "full"), default=0.0)
    newest = max(backups, key=lambda each: each.stopped_at, default=None)
    if newest is None or now - full >= FULL_S:
        return Task.FULL
    # Changes after the gap can be restored from a backup that began after it.
    if now - newest.stopped_at >= INCREMENTAL_S or (gap_at and newest.started_at < gap_at):
        return Task.INCREMENTAL
    return None
