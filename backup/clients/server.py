"""The server: statements of the superuser over the local socket, and what its files tell."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from backup.errors import BackupError
from contract.stores.postgres.backups import Backups
from contract.stores.postgres.roles import DATABASE

ARCHIVE_S = 60.0
REPORT_S = 5.0
SEARCH_PATH = "SET search_path = pg_catalog, pg_temp;\n"
IDENTITY = """
SELECT (SELECT system_identifier FROM pg_control_system()),
       ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int
"""
ARCHIVED = """
SELECT coalesce(last_archived_wal >= '{wal}' AND length(last_archived_wal) = 24, false),
       coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false)
FROM pg_stat_archiver
"""
REPORT = """
INSERT INTO riada.backups (id, report, reported_at) VALUES (1, {report}, now())
ON CONFLICT (id) DO UPDATE SET report = excluded.report, reported_at = excluded.reported_at
"""


@dataclass(frozen=True)
class Identity:
    system_identifier: str
    timeline: int


class Server:
    """`host`: the folder of its socket."""

    def __init__(self, host: Path, database: str = DATABASE) -> None:
        self._host = host
        self._database = database

    def value(self, sql: str) -> str:
        """The output of SQL: rows as lines, columns separated by "|". Raises BackupError."""
        command = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]
        command += ["--set", "ON_ERROR_STOP=1", "--dbname", self._database]
        done = subprocess.run(
            command,
            input=SEARCH_PATH + sql,
            text=True,
            capture_output=True,
            env={**os.environ, "PGHOST": str(self._host)},
        )
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["psql failed"]
            raise BackupError(lines[0], "make logs S=postgres")
        return done.stdout.strip()

    def identity(self) -> Identity:
        system, timeline = self.value(IDENTITY).split("|")
        return Identity(system, int(timeline))

    def current_wal(self) -> str:
        """The name of the WAL file that the server writes."""
        return self.value("SELECT pg_walfile_name(pg_current_wal_insert_lsn())")

    def report(self, backups: Backups) -> None:
        """Writes the row of riada.backups."""
        self.value(REPORT.format(report=literal(json.dumps(backups.to_json()))))

    def archive(self) -> None:
        """Ends the current WAL file after one more commit, and waits until the archive has it: a
        recovery stops at the first commit after its target. Raises BackupError if the archive does
        not get it."""
        self.value("UPDATE riada.backups SET reported_at = clock_timestamp() WHERE id = 1")
        wal = self.value("SELECT pg_walfile_name(pg_switch_wal())")
        until = time.monotonic() + ARCHIVE_S
        while True:
            archived, failing = self.value(ARCHIVED.format(wal=wal)).split("|")
            if archived == "t":
                return
            if time.monotonic() > until:
                why = "archiving fails" if failing == "t" else f"not within {ARCHIVE_S:.0f} s"
                raise BackupError(
                    f"the newest changes cannot be archived ({why}), so this restore could not be "
                    "undone",
                    "make status and make logs S=postgres name the cause; DISCARD=1 restores "
                    "without them",
                )
            time.sleep(0.5)

    def await_recovery(self, data: Path) -> None:
        """Waits until the server of this data folder has recovered and answers. Raises BackupError
        if it ends before that."""
        reported = time.monotonic()
        while not self._is_serving():
            if not is_running(data):
                raise BackupError("the server ended before it had recovered")
            if time.monotonic() - reported >= REPORT_S:
                print("backup: the server recovers", flush=True)
                reported = time.monotonic()
            time.sleep(0.5)

    def _is_serving(self) -> bool:
        try:
            return self.value("SELECT pg_is_in_recovery()") == "f"
        except BackupError:
            return False


def literal(text: str) -> str:
    """A string of SQL."""
    return "'" + text.replace("'", "''") + "'"


def system_identifier(data: Path) -> str:
    """The system identifier of a stopped server's data folder; "" if it is missing or damaged."""
    environment: Mapping[str, str] = {**os.environ, "LC_ALL": "C"}
    done = subprocess.run(["pg_controldata", data], text=True, capture_output=True, env=environment)
    for line in done.stdout.splitlines():
        name, _, value = line.partition(":")
        if name == "Database system identifier":
            return value.strip()
    return ""


def programs(data: Path) -> Path:
    """The folder of the programs of the major version that made this data folder."""
    version = (data / "PG_VERSION").read_text().strip()
    return Path(f"/usr/lib/postgresql/{version}/bin")


def is_running(data: Path) -> bool:
    command = ["pg_ctl", "status", "--pgdata", str(data)]
    return subprocess.run(command, capture_output=True).returncode == 0
