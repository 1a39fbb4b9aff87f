"""The process that writes the workload. The arguments are the seed and rows per second; libpq's
variables name the server. It reads commands from stdin, one a line, and prints its Status as JSON.

    pause    end after the current step
    run      go on
    add      use the added column from the next step on

It ends with its stdin.
"""

from __future__ import annotations

import queue
import sys
import threading
import time
from collections.abc import Iterator

import psycopg2
from psycopg2.extensions import connection as Connection

from tests.harness.workload.model import Model
from tests.harness.workload.status import Status
from tests.harness.workload.writer import APPLICATION, Writer

STATUS_S = 0.5
# A connection whose server is gone without a word ends after this time.
_CONNECTION = f"application_name={APPLICATION} connect_timeout=5"
_TIMEOUTS = "keepalives_idle=5 keepalives_interval=5 keepalives_count=3 tcp_user_timeout=20000"


def connect() -> Connection:
    return psycopg2.connect(f"{_CONNECTION} {_TIMEOUTS}")


class Worker:
    def __init__(self, seed: str, rate: float) -> None:
        self._model = Model(seed)
        self._writer = Writer(connect)
        self._rate = rate
        self._commands: queue.Queue[str] = queue.Queue()
        self._stop = threading.Event()
        self._paused = False
        self._done = 0  # steps whose transactions have all ended
        self._changes = 0

    def run(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()
        self._continue()
        due = time.monotonic()
        shown = 0.0
        while not self._stop.is_set():
            self._obey()
            if not self._paused and time.monotonic() >= due:
                step = self._model.next()
                if self._writer.write(step, self._stop):
                    self._done, self._changes = self._model.steps, self._model.changes
                # A delay is not made up for: the rate stays even.
                due = max(due + step.changes / self._rate, time.monotonic() - 1)
            else:
                self._stop.wait(0.02 if self._paused else max(0, due - time.monotonic()))
            if time.monotonic() > shown + STATUS_S:
                self._print()
                shown = time.monotonic()
        self._writer.close()

    def _continue(self) -> None:
        """Go on after the steps that an earlier process has written."""
        newest = self._writer.committed_step()
        if newest >= 0:
            self._model.advance(newest)
            if not self._writer.write(self._model.next(), self._stop):
                return
        self._done, self._changes = self._model.steps, self._model.changes

    def _obey(self) -> None:
        for command in self._given():
            if command == "add":
                self._model.added_from = self._model.steps
            else:
                self._paused = command == "pause"
            self._print()

    def _given(self) -> Iterator[str]:
        while not self._commands.empty():
            yield self._commands.get()

    def _read(self) -> None:
        for line in sys.stdin:
            self._commands.put(line.strip())
        self._stop.set()

    def _print(self) -> None:
        status = Status(
            self._done,
            self._changes,
            self._paused,
            self._model.added_from,
            self._writer.reconnections,
            self._writer.last_error,
        )
        print(status.to_json(), flush=True)


if __name__ == "__main__":
    Worker(sys.argv[1], float(sys.argv[2])).run()
