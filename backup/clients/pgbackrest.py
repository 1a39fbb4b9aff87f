"""pgBackRest: its commands, and what its repository holds."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backup.errors import BackupError
from backup.settings import STANZA

REMEDY = "make logs S=postgres has the messages of pgBackRest"
# https://pgbackrest.org/command.html: the stanza is missing, has no backup, or has no data.
EMPTY = (1, 2, 3)
LOCKED = 50  # exit code: another command has the lock of the stanza
MISSING = 1  # exit code of repo-get --ignore-missing
OTHER_CLUSTER = 28  # exit code of stanza-create
# stanza-create was killed between its two files.
PARTIAL = "archive.info exists but backup.info is missing"


@dataclass(frozen=True)
class Backup:
    """`timeline` and `lsn` (bytes): where it ended; `cluster`: pgBackRest's number of a system
    identifier; times in seconds since 1970; `size_bytes`: of the restored files; `stored_bytes`:
    that it added to the repository. `damaged`: pages of the server had a wrong checksum."""

    label: str
    kind: str
    cluster: int
    timeline: int
    lsn: int
    started_at: float
    stopped_at: float
    size_bytes: int
    stored_bytes: int = 0
    damaged: bool = False


@dataclass(frozen=True)
class Repository:
    """`clusters`: pgBackRest's number → system identifier; `archives`: number → the folder of its
    WAL; `newest_wal`: number → the name of its newest WAL file, "" without one."""

    clusters: Mapping[int, str]
    archives: Mapping[int, str]
    newest_wal: Mapping[int, str]
    backups: tuple[Backup, ...]

    def number(self, system_identifier: str) -> int | None:
        """pgBackRest's newest number of this cluster."""
        numbers = [number for number, of in self.clusters.items() if of == system_identifier]
        return max(numbers, default=None)

    def of(self, cluster: int | None) -> tuple[Backup, ...]:
        return tuple(backup for backup in self.backups if backup.cluster == cluster)


def parse(text: str) -> Repository:
    """The output of `info --output=json`. Raises BackupError if the repository cannot be read."""
    stanzas = [stanza for stanza in json.loads(text) if stanza["name"] == STANZA]
    if not stanzas:
        return Repository({}, {}, {}, ())
    [stanza] = stanzas
    status = stanza["status"]
    if status["code"] and status["code"] not in EMPTY:
        messages = [repo["status"]["message"] for repo in stanza.get("repo", ())]
        causes = "; ".join(messages or [status["message"]])
        raise BackupError(f"the repository of backups cannot be read: {causes}", REMEDY)
    return Repository(
        {entry["id"]: str(entry["system-id"]) for entry in stanza["db"]},
        {entry["database"]["id"]: entry["id"] for entry in stanza["archive"]},
        {entry["database"]["id"]: entry["max"] or "" for entry in stanza["archive"]},
        tuple(_backup(entry) for entry in stanza["backup"]),
    )


def _backup(entry: Mapping[str, Any]) -> Backup:
    high, low = entry["lsn"]["stop"].split("/")
    return Backup(
        label=entry["label"],
        kind=entry["type"],
        cluster=entry["database"]["id"],
        timeline=int(entry["archive"]["stop"][:8], 16),
        lsn=(int(high, 16) << 32) + int(low, 16),
        started_at=entry["timestamp"]["start"],
        stopped_at=entry["timestamp"]["stop"],
        size_bytes=entry["info"]["size"],
        stored_bytes=entry["info"]["repository"]["delta"],
        damaged=bool(entry.get("error")),
    )


class PgBackRest:
    """Raises BackupError with pgBackRest's own message."""

    def repository(self) -> Repository:
        return parse(self._run("info", "--output=json"))

    def prepare(self, online: bool = False) -> None:
        """Makes the stanza, or adds the cluster that the data folder holds now. Repeatable, also
        after a kill."""
        where = () if online else ("--no-online",)
        created = self._done("stanza-create", *where)
        if PARTIAL in created.stderr and not self.repository().backups:
            for copy in ("", ".copy"):
                self._run("repo-rm", f"archive/{STANZA}/archive.info{copy}")
            created = self._done("stanza-create", *where)
        if created.returncode == OTHER_CLUSTER:
            self._run("stanza-upgrade", *where)
        else:
            self._checked("stanza-create", created)

    def expire(self) -> None:
        """Removes backups and WAL beyond the retention. The stanza must exist."""
        self._run("expire")

    def back_up(self, kind: str) -> None:
        """`kind`: full, diff or incr. Removes backups and WAL beyond the retention afterwards."""
        self._run("backup", f"--type={kind}")

    def history(self, archive: str, timeline: int) -> str | None:
        """The .history file of a timeline, None if the archive has none."""
        path = f"archive/{STANZA}/{archive}/{timeline:08X}.history"
        done = self._done("repo-get", "--ignore-missing", path)
        if done.returncode == MISSING:
            return None
        return self._checked("repo-get", done)

    def push(self, path: str) -> None:
        """Archives a WAL file; one that the archive has already is no error."""
        self._run("archive-push", path)

    def restore(self, label: str, timeline: int, target: str, *options: str) -> None:
        """Writes a backup into the data folder, with the settings by which the server recovers to
        `target` (ISO 8601), "": to the end of the archive. `options`: further ones."""
        what = ["--type=default"]
        if target:
            what = ["--type=time", f"--target={target}", "--target-action=promote"]
        self._run(
            "restore", "--delta", f"--set={label}", *what, f"--target-timeline={timeline}", *options
        )

    def _run(self, command: str, *options: str) -> str:
        return self._checked(command, self._done(command, *options))

    def _done(self, command: str, *options: str) -> subprocess.CompletedProcess[str]:
        line = ["pgbackrest", f"--stanza={STANZA}", command, *options]
        return subprocess.run(line, text=True, capture_output=True)

    def _checked(self, command: str, done: subprocess.CompletedProcess[str]) -> str:
        if done.returncode == LOCKED:
            raise BackupError(
                f"pgbackrest {command}: another backup or restore test runs",
                "wait until it has ended",
            )
        if done.returncode:
            raise BackupError(f"pgbackrest {command}: {cause(done.stderr + done.stdout)}", REMEDY)
        return done.stdout


def cause(output: str) -> str:
    """The errors of pgBackRest's output: `2026-11-27 … P00  ERROR: [055]: why` → why."""
    errors = [
        line.split("ERROR:", 1)[1].strip() for line in output.splitlines() if "ERROR:" in line
    ]
    lines = errors or [line for line in output.splitlines() if line.strip()][-1:]
    return "; ".join(lines) or "pgbackrest failed"
