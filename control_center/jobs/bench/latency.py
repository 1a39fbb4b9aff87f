"""The time from commit to readable at a steady rate. One process measures it with one clock."""

from __future__ import annotations

import time
from collections import deque
from threading import Event, Thread

from contract.errors import ComponentError
from control_center.clients.clients import Clients
from control_center.jobs import job_protocol
from control_center.jobs.bench.arrival import readable
from control_center.jobs.bench.rows import Rows, insert, writer

RATE = 200  # rows/s
TRANSACTION = 10  # rows: 20 commits/s
SAMPLE_EVERY = 3  # transactions: 7 samples/s
POLL_S = 0.02
TIMEOUT_S = 60
PROGRESS_INTERVAL_S = 5


class Writer(Thread):
    """Commits RATE rows/s for `seconds`. `commits`: (moment, key) of each sampled transaction,
    oldest on the left; `error`: why the thread ended early, or empty."""

    def __init__(self, clients: Clients, rows: Rows, seconds: int) -> None:
        super().__init__(name="bench-writer", daemon=True)
        self.commits: deque[tuple[float, str]] = deque()
        self.done, self.committed, self.error = Event(), 0, ""
        self._clients, self._rows, self._seconds = clients, rows, seconds

    def run(self) -> None:
        try:
            self._write()
        except Exception as error:
            self.error = str(error)
        finally:
            self.done.set()

    def _write(self) -> None:
        began, interval = time.monotonic(), TRANSACTION / RATE
        table = self._rows.table
        with self._clients.postgres(role=writer(table)) as connection:
            for number in range(round(self._seconds / interval)):
                time.sleep(max(0.0, began + number * interval - time.monotonic()))
                rows = self._rows.take(TRANSACTION)
                insert(table, connection, rows)
                self.committed += len(rows)
                if number % SAMPLE_EVERY == 0:
                    self.commits.append((time.monotonic(), self._rows.key(rows[-1])))


def measure(clients: Clients, rows: Rows, seconds: int) -> list[float]:
    """Milliseconds of each sample, in the order of commits; raises ComponentError. Polls only the
    oldest row that has not arrived, every POLL_S: 50 reads/s, a negligible load."""
    thread = Writer(clients, rows, seconds)
    thread.start()
    commits = thread.commits
    samples: list[float] = []
    progress_at = arrived_at = time.monotonic()
    while not (thread.done.is_set() and not commits):
        while commits and readable(clients, rows.table, commits[0][1]):
            committed_at, _ = commits.popleft()
            arrived_at = time.monotonic()
            samples.append((arrived_at - committed_at) * 1000)
        now = time.monotonic()
        if commits and now - arrived_at > TIMEOUT_S:
            cause = f"a row is not readable {TIMEOUT_S} s after its commit"
            raise ComponentError("cassandra", cause, "Run make status.")
        if now - progress_at > PROGRESS_INTERVAL_S:
            progress_at = now
            text = f"latency: {thread.committed:,} rows committed, {len(samples):,} samples"
            job_protocol.progress(text)
        time.sleep(POLL_S)
    if thread.error:
        raise ComponentError("postgres", f"a transaction failed ({thread.error})")
    return samples
