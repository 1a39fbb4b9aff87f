"""Long jobs as child processes. conflicts.py says what excludes what. Progress and result of the
last ones are kept in memory, and the newest result of each kind and table in a file.

A child frees its memory when it ends, and the API answers at once while a child computes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock, Thread
from typing import IO, Any
from uuid import uuid4

from contract.errors import ComponentError, ErrorCode
from contract.jobs import protocol
from contract.jobs.job import JobFailure, JobKind, JobState, JobStatus
from contract.json_record import JsonRecord
from control_center.jobs.conflicts import REPLAY, conflict
from control_center.jobs.last_results import LastResults

MODULES = {
    JobKind.SMOKE_TEST: "control_center.jobs.smoke_test",
    JobKind.COMPARE: "control_center.jobs.compare",
    JobKind.REPAIR: "control_center.jobs.repair",
    JobKind.REBUILD: "control_center.jobs.rebuild",
    JobKind.BENCH: "control_center.jobs.bench",
    JobKind.ERASE: "control_center.jobs.erase",
}
KEPT = 20  # jobs
TRACE_LINES = 30
STOP_S = 5.0  # for the `finally` blocks of a job; the container may end right after


@dataclass(frozen=True)
class Running:
    """Work that is running. `table`: "" for all; `id`: "" for a replay, which is not a job."""

    kind: str
    table: str
    id: str = ""


class BusyError(ComponentError):
    """Work that excludes the asked one is running; the cause names it."""

    code = ErrorCode.BUSY

    def __init__(self, running: Running, why: str) -> None:
        number = f" ({running.id})" if running.id else ""
        article = "an" if running.kind[0] in "aeiou" else "a"
        table = running.table or "all tables"
        super().__init__(
            "control-center",
            f"{article} {running.kind} of {table} is running{number}: {why}",
            "Wait until it has ended, then run the command again.",
        )


class Job(Thread):
    """One child process, and the thread that reads its lines (contract.jobs.protocol). `ended` gets
    the status of a job that was not stopped."""

    def __init__(
        self, kind: JobKind, request: JsonRecord, ended: Callable[[JobStatus], None]
    ) -> None:
        super().__init__(name=f"job-{kind.value}", daemon=True)
        self.id = uuid4().hex[:12]
        self.kind = kind
        self.table = str(getattr(request, "table", ""))
        self.state = JobState.RUNNING
        self.result: Mapping[str, Any] | None = None
        self.progress: list[str] = []
        self._error = ""
        self._when_ended, self._stopped = ended, False
        self._started_at = datetime.now(UTC)
        self._began, self._ended = time.monotonic(), 0.0
        self._process = subprocess.Popen(
            [sys.executable, "-m", MODULES[kind]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._trace: deque[str] = deque(maxlen=TRACE_LINES)
        assert self._process.stdin is not None
        with self._process.stdin as stdin:
            json.dump(request.to_json(), stdin)
        self.start()

    def run(self) -> None:
        assert self._process.stdout is not None and self._process.stderr is not None
        trace = Thread(target=self._read_trace, args=[self._process.stderr], daemon=True)
        trace.start()
        for line in self._process.stdout:
            self._read_line(line)
        code = self._process.wait()
        trace.join(5)
        if self.result is None:
            last = self._trace[-1] if self._trace else f"exit code {code}"
            self.result = JobFailure(self._error or last, tuple(self._trace)).to_json()
        self._ended = time.monotonic()
        self.state = JobState.DONE if code == 0 else JobState.FAILED
        if not self._stopped:
            self._when_ended(self.status())

    def stop(self) -> None:
        """Ends the child; the job is then failed."""
        self._stopped = True
        self._process.terminate()

    def status(self, since: int = 0) -> JobStatus:
        """The job, with its progress from line `since` on."""
        running = self.state is JobState.RUNNING
        lines = self.progress[since:]
        return JobStatus(
            id=self.id,
            kind=self.kind,
            table=self.table,
            state=self.state,
            started_at=self._started_at.isoformat(timespec="seconds"),
            elapsed_s=round((time.monotonic() if running else self._ended) - self._began, 1),
            progress=tuple(lines),
            next=since + len(lines),
            result=None if running else self.result,
        )

    def _read_line(self, text: str) -> None:
        try:
            line = protocol.from_line(text)
        except ValueError:  # a library printed it
            self._log(text)
            return
        match line:
            case protocol.Progress():
                self.progress.append(line.text)
            case protocol.Result():
                self.result = line.result
            case protocol.Error():
                self._error = line.error

    def _read_trace(self, stderr: IO[str]) -> None:
        for line in stderr:
            self._log(line)

    def _log(self, line: str) -> None:
        sys.stderr.write(line)
        self._trace.append(line.rstrip())


class Jobs:
    """The running job and the last ended ones. `last`: those that a restart does not forget."""

    def __init__(self, last: LastResults) -> None:
        self._jobs: dict[str, Job] = {}
        self._replays: list[Running] = []
        self._last = last
        self._lock = Lock()

    def running(self, kind: JobKind) -> Job | None:
        """The job of this kind that is running."""
        jobs = (job for job in list(self._jobs.values()) if job.state is JobState.RUNNING)
        return next((job for job in jobs if job.kind is kind), None)

    def start(self, kind: JobKind, request: JsonRecord) -> Job:
        """Starts a job; raises BusyError while one runs that excludes it (conflicts.py)."""
        with self._lock:
            self._refuse(kind.value)
            job = Job(kind, request, self._last.add)
            self._jobs[job.id] = job
            for old in list(self._jobs)[:-KEPT]:
                del self._jobs[old]
            return job

    @contextmanager
    def replaying(self, table: str) -> Iterator[None]:
        """Excludes jobs while dead letters of the table are replayed; raises BusyError while a job
        runs that excludes the replay (conflicts.py)."""
        replay = Running(REPLAY, table)
        with self._lock:
            self._refuse(REPLAY)
            self._replays.append(replay)
        try:
            yield
        finally:
            with self._lock:
                self._replays.remove(replay)

    def _refuse(self, kind: str) -> None:
        """Raises BusyError."""
        jobs = [job for job in self._jobs.values() if job.state is JobState.RUNNING]
        running = [Running(job.kind.value, job.table, job.id) for job in jobs]
        for work in [*running, *self._replays]:
            if why := conflict(kind, work.kind):
                raise BusyError(work, why)

    def get(self, kind: str, job_id: str) -> Job | None:
        """The job of this kind with this id, or None."""
        job = self._jobs.get(job_id)
        return job if job is not None and job.kind == kind else None

    def newest(self, *kinds: JobKind, table: str | None = None) -> JobStatus | None:
        """The job of one of these kinds that was started last, of this table or of any; or None.
        It may be of an earlier process."""
        jobs = [
            job
            for job in list(self._jobs.values())
            if job.kind in kinds and table in (None, job.table)
        ]
        return jobs[-1].status() if jobs else self._last.newest(*kinds, table=table)

    def stop(self) -> None:
        """Ends the running job, and waits for at most STOP_S until it has restored what it changed
        for its run."""
        for job in list(self._jobs.values()):
            if job.state is JobState.RUNNING:
                job.stop()
                job.join(STOP_S)
