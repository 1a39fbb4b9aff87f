"""Commit → readable at a steady rate, seen from one process with one clock."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Iterator, Sequence
from threading import Event, Thread

from control_center.clients.clients import Clients
from control_center.jobs import protocol
from control_center.jobs.bench.arrival import readable
from control_center.jobs.bench.people import Row, insert

RATE = 200  # rows/s
TRANSACTION = 10  # rows: 20 commits/s
SAMPLED = 3  # of so many transactions one is followed: 7 samples/s
POLL_S = 0.02
PATIENCE_S = 60


class Writer(Thread):
    """Commits RATE rows/s for `seconds`; `commits` receives (moment, id) of the sampled ones."""

    def __init__(self, clients: Clients, rows: Iterator[Row], seconds: int) -> None:
        super().__init__(name="bench-writer", daemon=True)
        self.commits: deque[tuple[float, str]] = deque()
        self.done, self.rows, self.error = Event(), 0, ""
        self._clients, self._people, self._seconds = clients, rows, seconds

    def run(self) -> None:
        try:
            self._write()
        except Exception as error:
            self.error = str(error)
        finally:
            self.done.set()

    def _write(self) -> None:
        begun, interval = time.monotonic(), TRANSACTION / RATE
        with self._clients.postgres("ingest") as connection:
            for number in range(round(self._seconds / interval)):
                time.sleep(max(0.0, begun + number * interval - time.monotonic()))
                rows = [next(self._people) for _ in range(TRANSACTION)]
                insert(connection, rows)
                self.rows += len(rows)
                if number % SAMPLED == 0:
                    self.commits.append((time.monotonic(), str(rows[-1][0])))


def measure(clients: Clients, rows: Iterator[Row], seconds: int) -> list[float]:
    """Milliseconds of each sample, in order of commit. Only the oldest one that is not there yet is
    asked for, every POLL_S: 50 reads/s, which disturbs nothing."""
    writer = Writer(clients, rows, seconds)
    writer.start()
    found: list[float] = []
    moved = said = time.monotonic()
    while not (writer.done.is_set() and not writer.commits):
        while writer.commits and readable(clients, writer.commits[0][1]):
            committed, _ = writer.commits.popleft()
            moved = time.monotonic()
            found.append((moved - committed) * 1000)
        now = time.monotonic()
        if writer.commits and now - moved > PATIENCE_S:
            raise TimeoutError(f"a row is not readable {PATIENCE_S} s after its commit")
        if now - said > 5:
            said = now
            protocol.progress(f"latency: {writer.rows:,} rows committed, {len(found):,} samples")
        time.sleep(POLL_S)
    if writer.error:
        raise RuntimeError(f"PostgreSQL refused a transaction: {writer.error}")
    return found


def percentile(values: Sequence[float], percent: float) -> float:
    """Nearest rank: the smallest value that `percent` of all do not exceed."""
    if not values:
        raise ValueError("no samples")
    ordered = sorted(values)
    return ordered[max(1, math.ceil(len(ordered) * percent / 100)) - 1]
