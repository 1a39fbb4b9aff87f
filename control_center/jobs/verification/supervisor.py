"""Runs the process that verifies, and starts it again when it ends."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from threading import Event, Thread

from control_center.jobs.verification.log import log

COMMAND = (sys.executable, "-m", "control_center.jobs.verification")
PAUSE_S = 10.0
STOP_S = 5.0


class Supervisor(Thread):
    """A process of its own: its CPU is its own, and it takes no time from pages and API."""

    def __init__(self, command: Sequence[str] = COMMAND, pause_s: float = PAUSE_S) -> None:
        super().__init__(name="verification", daemon=True)
        self._command, self._pause_s = command, pause_s
        self._stopped = Event()
        self._process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        while not self._stopped.is_set():
            self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL)
            if self._stopped.is_set():
                self._process.terminate()
            code = self._process.wait()
            if not self._stopped.is_set():
                log(f"the process ended with exit code {code}; it starts again")
            self._stopped.wait(self._pause_s)

    def stop(self) -> None:
        """Ends the process."""
        self._stopped.set()
        if self._process is not None:
            self._process.terminate()
        self.join(STOP_S)
