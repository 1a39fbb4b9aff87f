"""Requests a restore: refuses what the archive cannot restore, before anything is stopped."""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from backup.clients import server as servers
from backup.clients.pgbackrest import Backup, PgBackRest, Repository
from backup.clients.server import Server
from backup.clients.state import Files, Gap, Request, Restored, iso, seconds
from backup.errors import BackupError
from backup.restore import history as histories
from backup.restore.history import WAL_S, History
from backup.settings import Settings

TAKE = "make backup takes one"
# A request that nobody carries out is dropped: it must not take back the changes of a later day.
EXPIRY_S = 600.0


@dataclass(frozen=True)
class Wanted:
    """`moment`: seconds since 1970, None: the end of the archive. `timeline`: 0: the present one.
    `discard`: changes that the archive does not have may be lost."""

    moment: float | None
    timeline: int = 0
    discard: bool = False


def request(wanted: Wanted, settings: Settings, pgbackrest: PgBackRest, files: Files) -> Request:
    """Writes the request, which the next start of the container carries out. Raises BackupError."""
    repository, server = pgbackrest.repository(), Server(settings.run)
    state, gap = files.state(), files.gap()
    gaps = (*state.gaps, gap) if gap else state.gaps
    if servers.is_running(settings.data):
        if gap and not wanted.discard:
            raise BackupError(
                f"WAL was dropped at {gap.first}, and no backup has been taken since: this restore "
                "could not be undone",
                "run make backup, then make restore again; DISCARD=1 restores, and loses the "
                "changes since then",
            )
        identity = server.identity()
        running = repository.number(identity.system_identifier)
        cluster = cluster_at(wanted, repository, running)
        present = identity.timeline if cluster == running else 0
        _refuse_replaced(wanted, state.restored)
        made = _chosen(wanted, repository, cluster, present, pgbackrest, gaps)
        if not wanted.discard:
            server.archive()
    else:
        if settings.data.exists() and not wanted.discard and not _begun(files):
            raise BackupError(
                "PostgreSQL does not run, so changes of its last minute may not be in the archive",
                "make status names why it does not run; DISCARD=1 restores without them",
            )
        system = servers.system_identifier(settings.data)
        stopped = repository.number(system) or newest_cluster(repository)
        cluster = cluster_at(wanted, repository, stopped)
        _refuse_replaced(wanted, state.restored)
        made = _chosen(wanted, repository, cluster, 0, pgbackrest, gaps)
    files.write_request(made)
    return made


def automatic(repository: Repository, pgbackrest: PgBackRest) -> Request | None:
    """The request for an empty data volume: the end of the archive. None without a backup."""
    cluster = newest_cluster(repository)
    if cluster is None:
        return None
    return _chosen(Wanted(None, discard=True), repository, cluster, 0, pgbackrest)


def newest_cluster(repository: Repository) -> int | None:
    return max((backup.cluster for backup in repository.backups), default=None)


def cluster_at(wanted: Wanted, repository: Repository, present: int | None) -> int | None:
    """An upgrade made the present cluster from an earlier one, which is in the repository too. Its
    backup is upgraded again."""
    moment, backups = wanted.moment, repository.backups
    if moment is None or wanted.timeline or present is None or not backups:
        return present
    # https://github.com/postgres/postgres/blob/REL_17_STABLE/src/backend/access/transam/xlog.c:
    # the upper half of a system identifier is the time at which initdb made the cluster.
    if int(repository.clusters[present]) >> 32 <= moment:
        return present
    earlier = (each.cluster for each in backups if each.stopped_at <= moment)
    return max(earlier, default=min(each.cluster for each in backups))


def history_of(repository: Repository, cluster: int, pgbackrest: PgBackRest) -> History:
    """The newest history of the cluster in the archive."""
    archive = repository.archives[cluster]
    return histories.newest(lambda timeline: pgbackrest.history(archive, timeline))


def _begun(files: Files) -> bool:
    pending = files.request()
    return pending is not None and pending.begun


def _chosen(
    wanted: Wanted,
    repository: Repository,
    cluster: int | None,
    present: int,
    pgbackrest: PgBackRest,
    gaps: Sequence[Gap] = (),
) -> Request:
    if cluster is None or not repository.of(cluster):
        raise BackupError("the repository has no backup of this server", TAKE)
    timeline = wanted.timeline or present
    if timeline:
        history = _history(repository.archives[cluster], timeline, pgbackrest)
    else:
        history = history_of(repository, cluster, pgbackrest)
    backups, now = repository.of(cluster), time.time()
    usable = history.before(backups, now if wanted.moment is None else wanted.moment)
    if not usable:
        raise _out_of_range(history.before(backups, now), history)
    _refuse_gap(wanted, history, usable[-1], gaps)
    return Request(
        id=uuid.uuid4().hex[:12],
        label=usable[-1].label,
        timeline=history.timeline,
        target="" if wanted.moment is None else iso(wanted.moment),
        left=present,
        at=iso(now),
        discard=wanted.discard,
    )


def _history(archive: str, timeline: int, pgbackrest: PgBackRest) -> History:
    if timeline == 1:
        return History(1)
    text = pgbackrest.history(archive, timeline)
    if text is None:
        raise BackupError(f"the archive has no timeline {timeline}", "leave out TIMELINE")
    return histories.parse(timeline, text)


def _out_of_range(backups: Sequence[Backup], history: History) -> BackupError:
    if not backups:
        return BackupError(f"there is no backup of timeline {history.timeline}", TAKE)
    earliest = iso(backups[0].stopped_at)
    return BackupError(
        f"the archive cannot restore that time: it begins at {earliest}",
        f"TIME can be from {earliest} to now",
    )


def _refuse_gap(wanted: Wanted, history: History, backup: Backup, gaps: Sequence[Gap]) -> None:
    """A recovery ends where WAL is missing, and so before the moment."""
    for gap in gaps:
        if not history.lacks(gap, backup, wanted.moment):
            continue
        before = iso(seconds(gap.first) - WAL_S)
        if wanted.moment is None and wanted.discard:
            print(
                f"backup: WAL after {before} was dropped: the recovery ends there", file=sys.stderr
            )
            continue
        raise BackupError(
            f"WAL was dropped from {gap.first} to {gap.last}, because it could not be archived: "
            f"after backup {backup.label} the archive can restore times up to {before}",
            f"TIME={before}, or a time after the end of the next backup",
        )


def _refuse_replaced(wanted: Wanted, restored: Sequence[Restored]) -> None:
    """Between the target of an earlier restore and its own time, another history was valid; a
    timeline that a restore left has no later time."""
    if wanted.moment is None:
        return
    for each in restored:
        is_end = each.left == wanted.timeline != 0 and not each.problem
        if is_end and wanted.moment > seconds(each.at):
            raise BackupError(
                f"timeline {each.left} ended at {each.at}, when a restore replaced it",
                "leave out TIME to return to its last change",
            )
    for each in [] if wanted.timeline else restored:
        is_known = each.target and each.left and not each.problem
        if is_known and seconds(each.target) < wanted.moment < seconds(each.at):
            raise BackupError(
                f"at that time PostgreSQL had the history that the restore of {each.at} took "
                f"back to {each.target}",
                f"add TIMELINE={each.left} to return to it",
            )


def is_expired(pending: Request, now: float) -> bool:
    return not pending.begun and now - seconds(pending.at) > EXPIRY_S
