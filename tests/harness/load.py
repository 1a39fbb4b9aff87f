"""Writers and readers that work in the background while a test breaks something."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg2

from contract.stores.cassandra import table as cassandra
from tests.harness.platform import Platform
from tests.harness.tables import USERS

COLUMNS = ", ".join(USERS.names[1:])
INSERT = (
    f"INSERT INTO public.users (id, {COLUMNS}) SELECT gen_random_uuid(), {COLUMNS}"
    " FROM public.users LIMIT 1"
)
READ_PAUSE_S = 0.5


@contextmanager
def rows_written(platform: Platform, rate: int) -> Iterator[None]:
    """Copy a row of users `rate` times a second while PostgreSQL accepts it."""

    def write(stop: threading.Event) -> None:
        while not stop.wait(1 / rate):
            try:
                with platform.postgres() as connection, connection.cursor() as cursor:
                    connection.autocommit = True
                    while not stop.wait(1 / rate):
                        cursor.execute(INSERT)
            except psycopg2.Error:
                continue

    with _beside(write):
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
