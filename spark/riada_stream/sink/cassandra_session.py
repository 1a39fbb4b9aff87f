"""The statements that the driver process sends to Cassandra."""

from __future__ import annotations

from collections.abc import Sequence
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

from contract.stores.cassandra import batches
from contract.stores.cassandra.batches import BatchRecord
from contract.stores.cassandra.cql import KEYSPACE, columns
from riada_stream.settings import Settings
from riada_stream.sink.batch_stats import Change

CONCURRENCY = 64
IDS_PER_QUERY = 100
# Errors that a row causes. Every other error is an outage.
ROW_ERRORS = (InvalidRequest, TypeError, ValueError)


def bind_values(row: Sequence[Any]) -> tuple[Any, ...]:
    """The values of a row of upserts() as the driver binds them. Spark has no UUID type, so the id
    is text there."""
    return (UUID(row[0]), *row[1:])


class CassandraSession:
    """Connects as the job's role. Every method raises the driver's errors."""

    def __init__(self, settings: Settings) -> None:
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
        prepare = self._session.prepare
        names = list(columns())
        self._delete = prepare("DELETE FROM users USING TIMESTAMP ? WHERE id = ?")
        # `username` is never null, so its WRITETIME is the version of the row
        self._versions = prepare(
            "SELECT id, WRITETIME(username) AS version FROM users WHERE id IN ?"
        )
        self._origin = prepare(
            "SELECT WRITETIME(username) AS version, topic_partition, topic_offset"
            " FROM users WHERE id = ?"
        )
        self._upsert = prepare(
            f"INSERT INTO users ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
            " USING TIMESTAMP ?"
        )
        self._insert_batch = prepare(batches.INSERT)

    def close(self) -> None:
        self._cluster.shutdown()

    def ping(self) -> None:
        """Reads at the consistency level that writes have."""
        self._session.execute(batches.PROBE)

    def delete(self, deletes: Sequence[Change]) -> list[str]:
        """Deletes rows. Returns the coordinator that acknowledged each delete."""
        arguments = [(change.version, change.id) for change in deletes]
        results = execute_concurrent_with_args(self._session, self._delete, arguments, CONCURRENCY)
        return [str(result.response_future.coordinator_host) for _, result in results]

    def versions(self, ids: Sequence[UUID]) -> dict[UUID, int]:
        """The versions of the rows that exist."""
        chunks = [
            (list(ids[first : first + IDS_PER_QUERY]),)
            for first in range(0, len(ids), IDS_PER_QUERY)
        ]
        results = execute_concurrent_with_args(self._session, self._versions, chunks, CONCURRENCY)
        return {
            row.id: row.version for _, rows in results for row in rows if row.version is not None
        }

    def describe(self, row_id: UUID) -> str:
        """The version and the origin of one row, read by its id alone, as text for the log."""
        row = self._session.execute(self._origin, (row_id,)).one()
        if row is None or row.version is None:
            return "a read by its id does not return the row"
        origin = f"{row.topic_partition}:{row.topic_offset}"
        return f"a read by its id returns version {row.version}, from {origin}"

    def upsert(self, rows: Sequence[Sequence[Any]]) -> list[str | None]:
        """Writes rows one by one: the values in the order of cql.columns(), and the
        write timestamp. Returns for each row None, or why Cassandra refuses it."""
        values = [bind_values(row) for row in rows]
        results = execute_concurrent_with_args(
            self._session, self._upsert, values, CONCURRENCY, raise_on_first_error=False
        )
        return [None if succeeded else refusal(result) for succeeded, result in results]

    def record(self, batch: BatchRecord) -> None:
        """Writes a row of people.batches."""
        self._session.execute(self._insert_batch, batch.to_row())


def refusal(error: Exception) -> str:
    """The reason of a row that Cassandra refuses. Raises an error that the row did not cause."""
    if not isinstance(error, ROW_ERRORS):
        raise error
    return f"refused by Cassandra: {error}"
