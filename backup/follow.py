"""Follows the schedule beside the server, and reports the state of the backups in PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass, field, replace

from backup.clients.pgbackrest import Backup, PgBackRest, Repository
from backup.clients.server import Server
from backup.clients.state import Files, Gap, iso, seconds
from backup.errors import BackupError
from backup.restore import request as requests
from backup.restore.carry_out import is_older_copy
from backup.schedule import Failure, Task, due, kept_days
from backup.settings import Settings
from contract.stores.postgres.backups import Backups

POLL_S = 5.0
REPORT_S = 60.0
OLDER_COPY = (
    "this is an older copy of the data, whose WAL the archive refuses: restart PostgreSQL, it then "
    "begins a timeline of its own"
)


@dataclass
class Follower:
    settings: Settings
    pgbackrest: PgBackRest
    files: Files
    started_at: float = field(default_factory=time.time)
    _task: Task | None = None
    _process: subprocess.Popen[str] | None = None
    _failure: Failure | None = None
    _reported: float = 0.0
    # None until the repository has answered: the start of the container does not wait long for it.
    _is_older_copy: bool | None = None
    _unreported: str = ""

    def run(self) -> None:
        """Never returns. A fault is reported once, and the next round tries again."""
        while True:
            try:
                self._round()
                self._unreported = ""
            except BackupError as error:
                if error.cause != self._unreported:
                    text = ". ".join(filter(None, (str(error), error.remedy)))
                    print(f"backup: {text}", flush=True)
                self._unreported = error.cause
            time.sleep(POLL_S)

    def _round(self) -> None:
        ended = self._has_ended()
        if not ended and time.time() - self._reported < REPORT_S:
            return
        self._reported = time.time()
        server = Server(self.settings.run)
        try:
            cluster, repository, backups = self._read(server)
        except BackupError as error:
            server.report(self._with_state(Backups(problem=error.cause)))
            raise
        if self._failure and self._process is None and backups:
            newest = max(each.stopped_at for each in backups)
            if newest > self._failure.at:
                self._failure = None
        if self._is_older_copy is None:
            self._is_older_copy = is_older_copy(repository, cluster, server.current_wal())
        gap = self._gap(backups)
        server.report(self._report(repository, cluster, backups, gap.first if gap else ""))
        if self._process is None and not self._is_older_copy:
            state, now = self.files.state(), time.time()
            dropped = seconds(gap.last) if gap else None
            task = due(now, self.started_at, backups, state, dropped, self._failure)
            if task:
                self._start(task)

    def _read(self, server: Server) -> tuple[int, Repository, tuple[Backup, ...]]:
        system = server.identity().system_identifier
        repository = self.pgbackrest.repository()
        cluster = repository.number(system)
        if cluster is None or cluster != max(repository.clusters):
            self.pgbackrest.prepare(online=True)
            repository = self.pgbackrest.repository()
            cluster = repository.number(system)
        assert cluster is not None
        return cluster, repository, repository.of(cluster)

    # --- tasks ----------------------------------------------------------------------------------

    def _start(self, task: Task) -> None:
        words = ["test"] if task is Task.TEST else ["run", "--kind", task.value]
        command = ["nice", "-n", "10", sys.executable, "-m", "backup", *words]
        self._task = task
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    def _has_ended(self) -> bool:
        """True once after the end of a task."""
        if self._process is None or self._process.poll() is None:
            return False
        assert self._process.stderr is not None
        text = self._process.stderr.read().strip()
        if text:
            print(text, flush=True)
        if self._task is not Task.TEST:
            failed = self._process.returncode != 0
            cause = text.removeprefix("backup: ").replace("\nremedy: ", ": ")
            cause = cause or "the backup ended without a message"
            self._failure = Failure(time.time(), cause) if failed else None
        self._process = self._task = None
        return True

    # --- report ---------------------------------------------------------------------------------

    def _gap(self, backups: tuple[Backup, ...]) -> Gap | None:
        """The gap that no backup has closed. A backup that began after it closes it."""
        gap = self.files.gap()
        if gap and any(each.started_at > seconds(gap.last) for each in backups):
            self.files.close_gap()
            return None
        return gap

    def _report(
        self,
        repository: Repository,
        cluster: int,
        backups: tuple[Backup, ...],
        gap: str,
    ) -> Backups:
        newest = max(backups, key=lambda each: each.stopped_at, default=None)
        problem = self._failure.cause if self._failure else ""
        if self._is_older_copy:
            problem = OLDER_COPY
        if newest is None:
            return self._with_state(Backups(problem=problem))
        if newest.damaged and not problem:
            problem = (
                f"pages of backup {newest.label} have wrong checksums: the disk may be failing"
            )
        history = requests.history_of(repository, cluster, self.pgbackrest)
        usable = history.before(backups, time.time())
        return self._with_state(
            Backups(
                newest_at=iso(newest.stopped_at),
                newest_kind=newest.kind,
                oldest_at=iso(usable[0].stopped_at) if usable else "",
                bytes=newest.size_bytes,
                problem=problem,
                gap_since=gap,
            )
        )

    def _with_state(self, backups: Backups) -> Backups:
        state = self.files.state()
        return replace(
            backups,
            tested_at=state.tested_at,
            tested_to=state.tested_to,
            test_problem=state.test_problem,
            kept_days=kept_days(self.settings.retention_d, bool(self.settings.bucket)),
        )
