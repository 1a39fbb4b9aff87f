"""Cassandra from the driver: deletes, the record of each batch, and rows one by one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from uuid import UUID

from cassandra import ConsistencyLevel, InvalidRequest
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile
from cassandra.concurrent import execute_concurrent_with_args
from cassandra.policies import (
    ConstantReconnectionPolicy,
    DCAwareRoundRobinPolicy,
    TokenAwarePolicy,
)

from riada_stream.settings import JOB, Settings
from users.cassandra import KEYSPACE, columns

CONCURRENCY = 64
REFUSALS = (InvalidRequest, TypeError, ValueError)
"""What a row itself is to blame for; every other error is Cassandra's state."""


@dataclass(frozen=True)
class Batch:
    """One micro-batch, as people.batches keeps it. Offsets: partition → offset."""

    batch_id: int
    started_at: datetime
    start_offsets: dict[str, int]
    end_offsets: dict[str, int]
    upserts: int
    deletes: int
    dead_letters: int


def values(row: Sequence[Any]) -> tuple[Any, ...]:
    """A row of upserts() as the driver binds it: Spark has no UUIDs, its id is text."""
    return (UUID(row[0]), *row[1:])


class Store:
    """A session of the role that the job writes as."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        password = settings.cassandra_password_file.read_text().strip()
        self._cluster = Cluster(
            list(settings.cassandra_hosts),
            port=settings.cassandra_port,
            auth_provider=PlainTextAuthProvider(settings.cassandra_user, password),
            connect_timeout=5,
            reconnection_policy=ConstantReconnectionPolicy(1.0, max_attempts=None),
            execution_profiles={
                EXEC_PROFILE_DEFAULT: ExecutionProfile(
                    load_balancing_policy=TokenAwarePolicy(
                        DCAwareRoundRobinPolicy(local_dc=settings.cassandra_datacenter)
                    ),
                    consistency_level=ConsistencyLevel.LOCAL_QUORUM,
                    request_timeout=10,
                )
            },
        )
        try:
            self._session = self._cluster.connect(KEYSPACE)
            self._prepare()
        except BaseException:
            self._cluster.shutdown()
            raise

    def _prepare(self) -> None:
        names = list(columns())
        self._delete = self._session.prepare("DELETE FROM users USING TIMESTAMP ? WHERE id = ?")
        self._upsert = self._session.prepare(
            f"INSERT INTO users ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
            " USING TIMESTAMP ?"
        )
        self._batch = self._session.prepare(
            "INSERT INTO batches (job, day, written_at, batch_id, started_at, start_offsets,"
            " end_offsets, upserts, deletes, dead_letters, release, driver_id)"
            f" VALUES ({', '.join('?' * 12)})"
        )

    def close(self) -> None:
        self._cluster.shutdown()

    def answers(self) -> bool:
        """Would a write be taken? Asks at the consistency that writes have."""
        try:
            self._session.execute("SELECT job FROM batches LIMIT 1")
        except Exception:
            return False
        return True

    def delete(self, deletes: Iterable[tuple[Any, int]]) -> None:
        """Deletes rows: (id, LSN) each. A row written at a later LSN stays."""
        arguments = [(lsn, row_id) for row_id, lsn in deletes]
        execute_concurrent_with_args(self._session, self._delete, arguments, CONCURRENCY)

    def upsert(self, rows: Sequence[Sequence[Any]]) -> list[str | None]:
        """Writes rows (values as users.cassandra.columns(), then the write timestamp) one by one.

        Returns for each row None, or why Cassandra refuses it. Raises when Cassandra cannot.
        """
        bound = [values(row) for row in rows]
        results = execute_concurrent_with_args(
            self._session, self._upsert, bound, CONCURRENCY, raise_on_first_error=False
        )
        return [None if done else self._refusal(error) for done, error in results]

    @staticmethod
    def _refusal(error: Exception) -> str:
        if not isinstance(error, REFUSALS):
            raise error
        return f"refused by Cassandra: {error}"

    def record(self, batch: Batch) -> None:
        """Keeps that a batch is done; to be called after all its rows are written."""
        now = datetime.now(timezone.utc)
        values = (
            *(JOB, now.date(), now, batch.batch_id, batch.started_at),
            *(json.dumps(batch.start_offsets), json.dumps(batch.end_offsets)),
            *(batch.upserts, batch.deletes, batch.dead_letters),
            *(self._settings.release, self._settings.driver_id),
        )
        self._session.execute(self._batch, values)
