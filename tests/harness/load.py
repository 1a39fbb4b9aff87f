"""Writers and readers that work in the background while a test breaks something."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import count, cycle
from uuid import UUID

import psycopg2

from cli.host.errors import CliError
from contract.stores.cassandra import table as cassandra
from tests.harness.platform import Platform
from tests.harness.tables import USERS

COLUMNS = ", ".join(USERS.names[1:])
INSERT = (
    f"INSERT INTO public.users (id, {COLUMNS}) SELECT gen_random_uuid(), {COLUMNS}"
    " FROM public.users LIMIT 1 RETURNING id"
)
READ_PAUSE_S = 0.5
# Every n-th row is followed to Cassandra.
FOLLOWED = 10


@contextmanager
def rows_written(
    platform: Platform, rate: int, written: Callable[[str], None] = lambda _: None
) -> Iterator[None]:
    """Copy a row of users `rate` times a second while PostgreSQL accepts it. `written` gets the id
    of each committed row."""

    def write(stop: threading.Event) -> None:
        due = time.monotonic()
        while not stop.is_set():
            try:
                with platform.postgres() as connection, connection.cursor() as cursor:
                    connection.autocommit = True
                    while not stop.wait(max(0, due - time.monotonic())):
                        cursor.execute(INSERT)
                        written(str(cursor.fetchone()[0]))
                        due = max(due + 1 / rate, time.monotonic() - 1)
            except (psycopg2.Error, CliError):  # CliError: the installation is removed
                stop.wait(0.1)

    with _beside(write):
        yield


@contextmanager
def row_changed(platform: Platform, key: str, rate: int) -> Iterator[None]:
    """Give a row of users another city `rate` times a second."""

    def change(stop: threading.Event) -> None:
        numbers = count()
        with platform.postgres() as connection, connection.cursor() as cursor:
            connection.autocommit = True
            while not stop.wait(1 / rate):
                values = (f"city {next(numbers)}", key)
                cursor.execute("UPDATE public.users SET city = %s WHERE id = %s", values)

    with _beside(change):
        yield


@dataclass
class Reads:
    """`longest_gap_s`: the longest time in which no read succeeded."""

    done: int = 0
    longest_gap_s: float = 0.0


@contextmanager
def rows_read(platform: Platform) -> Iterator[Reads]:
    """Read a row of users from Cassandra every READ_PAUSE_S."""
    reads = Reads()

    def read(stop: threading.Event) -> None:
        last = time.monotonic()
        query = f"SELECT * FROM {cassandra.qualified(USERS)} LIMIT 1"
        while not stop.is_set():
            try:
                with platform.cassandra() as session:
                    while not stop.wait(READ_PAUSE_S):
                        if session.execute(query).one() is not None:
                            now = time.monotonic()
                            reads.longest_gap_s = max(reads.longest_gap_s, now - last)
                            reads.done, last = reads.done + 1, now
            except Exception:  # a driver without a node fails in many ways
                stop.wait(READ_PAUSE_S)
        reads.longest_gap_s = max(reads.longest_gap_s, time.monotonic() - last)

    with _beside(read):
        yield reads


@dataclass
class Arrivals:
    """`longest_gap_s`: the longest time in which no new row could be read from Cassandra, and
    `longest_gap_ended` its end by the clock of day."""

    written: int = 0
    arrived: int = 0
    longest_gap_s: float = 0.0
    longest_gap_ended: datetime | None = None

    def gap(self, gap_s: float) -> None:
        if gap_s > self.longest_gap_s:
            self.longest_gap_s, self.longest_gap_ended = gap_s, datetime.now(timezone.utc)


@contextmanager
def rows_followed(platform: Platform, rate: int) -> Iterator[Arrivals]:
    """Write `rate` rows a second, and follow every FOLLOWED-th to Cassandra, on any node of it."""
    arrivals = Arrivals()
    waiting: deque[str] = deque()

    def written(row: str) -> None:
        arrivals.written += 1
        if arrivals.written % FOLLOWED == 0:
            waiting.append(row)

    def follow(stop: threading.Event) -> None:
        last = time.monotonic()
        query = f"SELECT id FROM {cassandra.qualified(USERS)} WHERE id = %s"
        nodes = cycle(range(platform.installation.number("CASSANDRA_NODES", 1)))
        while not stop.is_set():
            try:
                with platform.cassandra(node=next(nodes)) as session:
                    while not stop.is_set():
                        if waiting and session.execute(query, [UUID(waiting[0])], timeout=2).one():
                            waiting.popleft()
                            now = time.monotonic()
                            arrivals.gap(now - last)
                            arrivals.arrived, last = arrivals.arrived + 1, now
                        else:
                            stop.wait(0.1)
            except Exception:  # a driver without a node fails in many ways
                stop.wait(0.1)
        arrivals.gap(time.monotonic() - last)

    with _beside(follow), rows_written(platform, rate, written):
        yield arrivals


@contextmanager
def _beside(work: Callable[[threading.Event], None]) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=work, args=[stop])
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
