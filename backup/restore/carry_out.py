"""The restore itself, between the start of the container and that of the server."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

from backup.clients.pgbackrest import PgBackRest, Repository
from backup.clients.server import Server
from backup.clients.state import Files, Request
from backup.errors import BackupError
from backup.restore import request as requests
from backup.settings import Settings

REMEDY = "make logs S=postgres names the cause; then make restore again, with another TIME"
END_BEFORE_TARGET = "recovery ended before configured recovery target was reached"


def carry_out(settings: Settings, pgbackrest: PgBackRest, files: Files) -> bool:
    """Carries out the requested restore, or restores into an empty data volume if the repository
    has a backup. Repeatable: a request stays until the server serves. True if the server has to
    recover. Raises BackupError."""
    pending = files.request()
    if pending and requests.is_expired(pending, time.time()):
        files.end(pending, "nobody restarted PostgreSQL within 10 minutes of the request")
        pending = None
    if pending is None:
        if settings.data.exists():
            return False
        pending = requests.automatic(pgbackrest.repository(), pgbackrest)
        if pending is None:
            return False
        print(f"backup: the data volume is empty: it gets backup {pending.label}", flush=True)
    if not pending.begun:
        try:
            _archive_rest(settings.data, pending, pgbackrest)
        except BackupError as error:
            files.end(pending, f"{error.cause}; DISCARD=1 restores without these changes")
            print(f"backup: the restore is not carried out: {error}", flush=True)
            return False
        pending = replace(pending, begun=True)
        files.write_request(pending)
    target = "" if pending.to_end else pending.target
    to = target or "the end of the archive"
    print(f"backup: restores {pending.label} and recovers to {to}", flush=True)
    _make_restorable(settings.data)
    pgbackrest.restore(pending.label, pending.timeline, target)
    return True


def is_without_target(log: str, files: Files) -> bool:
    """`log`: of a server whose recovery failed. If the archive ended before the target, no commit
    came after its end, so the state at the target is that of the end: the next start recovers to
    it."""
    pending = files.request()
    if END_BEFORE_TARGET not in log or not pending or not pending.target or pending.to_end:
        return False
    files.write_request(replace(pending, to_end=True))
    print(f"backup: the archive ends before {pending.target}: its end is that state", flush=True)
    return True


def _archive_rest(data: Path, pending: Request, pgbackrest: PgBackRest) -> None:
    """Archives the WAL that the stopped server could not archive."""
    if pending.discard:
        return
    for ready in sorted((data / "pg_wal/archive_status").glob("*.ready")):
        pgbackrest.push(str(data / "pg_wal" / ready.stem))


def _make_restorable(data: Path) -> None:
    """pgBackRest changes a folder only if it is empty, or shows that it is a data folder."""
    marks = ("PG_VERSION", "backup.manifest")
    if data.exists() and not any((data / mark).exists() for mark in marks):
        shutil.rmtree(data)
    data.mkdir(mode=0o700, exist_ok=True)


def is_older_copy(repository: Repository, cluster: int | None, current_wal: str) -> bool:
    """Is the data folder an older copy, such as a snapshot of its volume? Then the archive has
    files that the server has not written yet, and would refuse those that it writes next. The
    server needs a timeline of its own."""
    return cluster is not None and repository.newest_wal.get(cluster, "") >= current_wal


def await_server(settings: Settings, files: Files) -> None:
    """Waits until the recovery has ended, then ends the request. Raises BackupError if the server
    ends before that."""
    server = Server(Path(os.environ["PGHOST"]), "postgres")
    try:
        server.await_recovery(settings.data)
    except BackupError as error:
        raise BackupError(f"{error.cause}; the lines above name the cause", REMEDY) from None
    if pending := files.request():
        files.end(pending)
        # The new timeline begins before the dropped WAL.
        files.close_gap()
        print("backup: the restore has ended", flush=True)
