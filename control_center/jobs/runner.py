"""Long jobs as child processes: one at a time, their progress and result kept in memory.

A child gives its memory back, and the API answers at once while it computes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import deque
from datetime import UTC, datetime
from threading import Lock, Thread
from typing import Any
from uuid import uuid4

KINDS = {
    "smoke-test": "control_center.jobs.smoke_test",
    "compare": "control_center.jobs.compare",
    "repair": "control_center.jobs.repair",
    "bench": "control_center.jobs.bench",
}
KEPT = 20


class BusyError(Exception):
    """Another job is running; the message names it."""


class Job(Thread):
    """`state` is running, done or failed (the job itself broke; a found fault is a result)."""

    def __init__(self, kind: str, arguments: dict[str, Any]) -> None:
        super().__init__(name=f"job-{kind}", daemon=True)
        self.id = uuid4().hex[:12]
        self.kind = kind
        self.state = "running"
        self.result: dict[str, Any] | None = None
        self.progress: list[str] = []
        self._started_at = datetime.now(UTC)
        self._began, self._ended = time.monotonic(), 0.0
        self._process = subprocess.Popen(
            [sys.executable, "-m", KINDS[kind]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._errors: deque[str] = deque(maxlen=30)
        assert self._process.stdin is not None
        with self._process.stdin as stdin:
            json.dump(arguments, stdin)
        self.start()

    def run(self) -> None:
        errors = Thread(target=self._read_errors, daemon=True)
        errors.start()
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            if "progress" in said:
                self.progress.append(said["progress"])
            else:
                self.result = said["result"]
        code = self._process.wait()
        errors.join(5)
        if self.result is None:
            last = self._errors[-1] if self._errors else f"exit code {code}"
            self.result = {"ok": False, "error": last, "trace": list(self._errors)}
        self._ended = time.monotonic()
        self.state = "done" if code == 0 else "failed"

    def stop(self) -> None:
        """Ends the child; the job is then failed."""
        self._process.terminate()

    def as_json(self, since: int = 0) -> dict[str, Any]:
        """The job with its progress from line `since` on."""
        lines = self.progress[since:]
        until = time.monotonic() if self.state == "running" else self._ended
        return {
            "id": self.id,
            "kind": self.kind,
            "state": self.state,
            "started_at": self._started_at.isoformat(timespec="seconds"),
            "elapsed_s": round(until - self._began, 1),
            "progress": lines,
            "next": since + len(lines),
            "result": self.result if self.state != "running" else None,
        }

    def _read_errors(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            sys.stderr.write(line)
            self._errors.append(line.rstrip())


class Jobs:
    """The running job and the last finished ones."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = Lock()

    def start(self, kind: str, arguments: dict[str, Any]) -> Job:
        """Starts a job; raises BusyError while another runs."""
        with self._lock:
            for job in self._jobs.values():
                if job.state == "running":
                    raise BusyError(f"a {job.kind} is running ({job.id}): wait for its end")
            job = Job(kind, arguments)
            self._jobs[job.id] = job
            for old in list(self._jobs)[:-KEPT]:
                del self._jobs[old]
            return job

    def get(self, kind: str, number: str) -> Job | None:
        job = self._jobs.get(number)
        return job if job is not None and job.kind == kind else None

    def newest(self, *kinds: str) -> Job | None:
        """The job of one of these kinds that was started last."""
        jobs = [job for job in list(self._jobs.values()) if job.kind in kinds]
        return jobs[-1] if jobs else None

    def stop(self) -> None:
        """Ends whatever runs."""
        for job in self._jobs.values():
            if job.state == "running":
                job.stop()
