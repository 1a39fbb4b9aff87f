"""The restore test: a backup is only proven when a server has started from it."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

from backup.clients import disk
from backup.clients.pgbackrest import PgBackRest
from backup.clients.server import Server, programs
from backup.clients.state import Files, iso, now_iso
from backup.errors import BackupError
from backup.restore import request as requests
from backup.settings import Settings

ROOM = 1.2  # of the restored size
REMEDY = "make restore-test repeats it"
# The schema's trigger would refuse to install the extension amcheck.
ENVIRONMENT = {"PGOPTIONS": "-c riada.ddl=on"}
LAST_COMMIT = "SELECT extract(epoch FROM pg_last_xact_replay_timestamp())"


def test(settings: Settings, pgbackrest: PgBackRest, files: Files) -> str:
    """Restores the newest backup and all WAL into a folder of its own, starts a server there, and
    checks every page of every table and index. Records the result. Returns the time of the last
    commit that was restored, or of the backup's end if none came after it. Raises
    BackupError."""
    with files.testing():
        try:
            tested_to = _test(settings, pgbackrest)
        except BackupError as error:
            problem = f"{error.cause}: {error.remedy}"
            files.change(lambda state: replace(state, test_problem=problem, tried_at=now_iso()))
            raise
        finally:
            shutil.rmtree(settings.trial, ignore_errors=True)
        now = now_iso()
        files.change(
            lambda state: replace(
                state, tested_at=now, tested_to=tested_to, test_problem="", tried_at=now
            )
        )
    return tested_to


def _test(settings: Settings, pgbackrest: PgBackRest) -> str:
    repository = pgbackrest.repository()
    pending = requests.automatic(repository, pgbackrest)
    if pending is None:
        raise BackupError("the repository has no backup", requests.TAKE)
    shutil.rmtree(settings.trial, ignore_errors=True)
    [chosen] = [each for each in repository.backups if each.label == pending.label]
    needed = ROOM * chosen.size_bytes
    disk.require("a restore test", needed, settings.volume, f"enlarge the disk, then {REMEDY}")
    settings.trial.mkdir(mode=0o700)
    folder = settings.trial
    pgbackrest.restore(
        pending.label, pending.timeline, "", f"--pg1-path={folder}", "--archive-mode=off"
    )
    server = Server(folder, "postgres")
    try:
        _start(folder, server)
        last = server.value(LAST_COMMIT)
        _check(folder)
    finally:
        where = ("--pgdata", str(folder), "--mode", "immediate")
        _run("stop", _pg_ctl(folder), "stop", *where, check=False)
    return iso(float(last) if last else chosen.stopped_at)


def _start(folder: Path, server: Server) -> None:
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "hba_file": "/etc/riada/pg_hba.conf",
        "ident_file": "/etc/riada/pg_ident.conf",
        "shared_buffers": "32MB",
        # Without it the recovery does not ask for the settings of the original server.
        "hot_standby": "off",
        "autovacuum": "off",
        "fsync": "off",
    }
    text = " ".join(f"-c {name}='{value}'" for name, value in options.items())
    log = folder / "server.log"
    where = ("--pgdata", str(folder), "--log", str(log), "--options", text)
    try:
        _run("start", _pg_ctl(folder), "start", "--wait", "--silent", *where)
        server.await_recovery(folder)
    except BackupError as error:
        lines = log.read_text().splitlines() if log.exists() else []
        causes = [line for line in lines if "FATAL" in line or "PANIC" in line] or lines
        why = causes[-1] if causes else error.cause
        raise BackupError(f"a server does not start from the backup: {why}", REMEDY) from None


def _pg_ctl(folder: Path) -> str:
    """Until an upgraded cluster has a backup, the newest one is of the earlier version."""
    return str(programs(folder) / "pg_ctl")


def _check(folder: Path) -> None:
    """https://www.postgresql.org/docs/17/app-pgamcheck.html"""
    connection = ("--host", str(folder), "--username", "postgres", "--maintenance-db", "postgres")
    _run("check", "pg_amcheck", *connection, "--all", "--install-missing")


def _run(what: str, *command: str, check: bool = True) -> None:
    done = subprocess.run(
        command, text=True, capture_output=True, env={**os.environ, **ENVIRONMENT}
    )
    if done.returncode and check:
        lines = (done.stdout + done.stderr).strip().splitlines() or ["no output"]
        raise BackupError(f"{what} of the restored server: {lines[0]}", REMEDY)
