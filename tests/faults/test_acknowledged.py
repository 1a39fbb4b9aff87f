"""A row that Cassandra acknowledged survives SIGKILL: the streaming job relies on it."""

from __future__ import annotations

import threading
import uuid
from uuid import UUID

import pytest
from cassandra.cluster import Session

from tests.harness.platform import Platform
from tests.harness.settings import long
from tests.harness.wait import eventually

IN_FLIGHT = 64
BEFORE_KILL = 2_000
TABLE = "scratch.acknowledged"


@pytest.fixture
def table(platform: Platform) -> str:
    with platform.cassandra("riada") as admin:
        admin.execute(
            "CREATE KEYSPACE IF NOT EXISTS scratch WITH replication = "
            "{'class': 'NetworkTopologyStrategy', 'dc1': 1}"
        )
        admin.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (id uuid PRIMARY KEY, filling text)")
    return TABLE


class Writer(threading.Thread):
    """Inserts rows, IN_FLIGHT at a time, until one fails. `acknowledged`: ids of written rows."""

    def __init__(self, session: Session, table: str) -> None:
        super().__init__(daemon=True)
        self.acknowledged: set[UUID] = set()
        self._session = session
        self._insert = session.prepare(f"INSERT INTO {table} (id, filling) VALUES (?, ?)")
        self._free = threading.Semaphore(IN_FLIGHT)
        self._failed = threading.Event()

    def run(self) -> None:
        while not self._failed.is_set():
            self._free.acquire()
            row = uuid.uuid4()
            future = self._session.execute_async(self._insert, (row, "x" * 700))
            future.add_callbacks(self._succeeded, self._fail, (row,))

    def _succeeded(self, _: object, row: UUID) -> None:
        self.acknowledged.add(row)
        self._free.release()

    def _fail(self, _: Exception) -> None:
        self._failed.set()
        self._free.release()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("attempt", [1, *(pytest.param(again, marks=long) for again in (2, 3))])
def test_an_acknowledged_row_survives_sigkill(platform: Platform, table: str, attempt: int) -> None:
    with platform.cassandra("riada") as session:
        writer = Writer(session, table)
        writer.start()
        eventually(lambda: len(writer.acknowledged) > BEFORE_KILL, "rows are written", 60, 0.1)
        assert platform.kill("cassandra-1", "CassandraDaemon")
        writer.join(60)
        assert not writer.is_alive()
    platform.await_healthy()
    with platform.cassandra("riada") as session:
        remaining = {row.id for row in session.execute(f"SELECT id FROM {table}")}
    lost = writer.acknowledged - remaining
    assert not lost, f"{len(lost)} of {len(writer.acknowledged)} acknowledged rows are lost"
