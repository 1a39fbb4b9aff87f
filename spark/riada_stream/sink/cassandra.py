"""Cassandra from the driver: deletes, the record of each batch, and rows one by one."""

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

from contract.cassandra.cql import KEYSPACE, columns
from contract.stream import batches
from contract.stream.batches import BatchRecord
from riada_stream.runtime.log import log
from riada_stream.settings import Settings
from riada_stream.sink.batch_stats import Change, ids_xor

CONCURRENCY = 64
IDS_AT_ONCE = 100
DELETE_TRIES = 3
SHOWN = 20
"""Rows of a finding that are logged one by one."""
REFUSALS = (InvalidRequest, TypeError, ValueError)
"""What a row itself is to blame for; every other error is Cassandra's state."""


class RemainingError(Exception):
    """Cassandra acknowledged deletes and still has the rows."""


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
        # username: no person is without; the write time is the row's version
        self._written = self._session.prepare(
            "SELECT id, WRITETIME(username) AS version FROM users WHERE id IN ?"
        )
        self._held = self._session.prepare(
            "SELECT WRITETIME(username) AS version, topic_partition AS place, topic_offset AS at"
            " FROM users WHERE id = ?"
        )
        self._upsert = self._session.prepare(
            f"INSERT INTO users ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
            " USING TIMESTAMP ?"
        )
        self._batch = self._session.prepare(batches.INSERT)

    def close(self) -> None:
        self._cluster.shutdown()

    def answers(self) -> bool:
        """Would a write be taken? Asks at the consistency that writes have."""
        try:
            self._session.execute(batches.PROBE)
        except Exception:
            return False
        return True

    def delete(self, deletes: Sequence[Change]) -> None:
        """Deletes rows; one of a later version stays.

        Reads back what it deleted: once an acknowledged delete left its row (docs/cassandra.md).
        Raises RemainingError when rows outlive DELETE_TRIES deletes.
        """
        left = list(deletes)
        for _ in range(DELETE_TRIES):
            arguments = [(change.version, change.id) for change in left]
            results = execute_concurrent_with_args(
                self._session, self._delete, arguments, CONCURRENCY
            )
            sent, left = left, self.remaining(left)
            if not left:
                return
            coordinators = {
                change: str(result.response_future.coordinator_host)
                for change, (_, result) in zip(sent, results, strict=True)
            }
            xor = ids_xor(change.id for change in sent)
            log(
                f"LOST: of {len(sent)} deletes (xor of their ids {xor}, as Spark saw it) "
                f"{len(left)} were acknowledged and left their rows"
            )
            for change in left[:SHOWN]:
                log(f"LOST: {change}, acknowledged by {coordinators[change]}: {self.held(change)}")
        raise RemainingError(f"{len(left)} rows outlive their deletes, such as {left[0]}")

    def held(self, change: Change) -> str:
        """What Cassandra answers for a row by its id alone: version and origin, in words."""
        row = self._session.execute(self._held, (change.id,)).one()
        if row is None or row.version is None:
            return "by its id the row is not there"
        return f"by its id the row is of version {row.version}, from {row.place}:{row.at}"

    def remaining(self, deletes: Sequence[Change]) -> list[Change]:
        """Those of the deletes that a row is there for, written before the delete."""
        versions = self._versions(deletes)
        newest: dict[UUID, Change] = {}
        for change in deletes:
            if change.id not in newest or newest[change.id].version <= change.version:
                newest[change.id] = change
        return [
            change
            for row_id, change in newest.items()
            if row_id in versions and versions[row_id] <= change.version
        ]

    def lacking(self, upserts: Sequence[Change]) -> list[Change]:
        """Those of the upserts whose row is not there, or of an earlier version."""
        versions = self._versions(upserts)
        return [change for change in upserts if versions.get(change.id, -1) < change.version]

    def _versions(self, changes: Sequence[Change]) -> dict[UUID, int]:
        """The versions of the rows that are there."""
        ids = list({change.id for change in changes})
        some = [(ids[first : first + IDS_AT_ONCE],) for first in range(0, len(ids), IDS_AT_ONCE)]
        found = execute_concurrent_with_args(self._session, self._written, some, CONCURRENCY)
        return {row.id: row.version for _, rows in found for row in rows if row.version is not None}

    def upsert(self, rows: Sequence[Sequence[Any]]) -> list[str | None]:
        """Writes rows one by one: values as contract.cassandra.cql.columns(), then the timestamp.

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

    def record(self, batch: BatchRecord) -> None:
        """Keeps that a batch is done; to be called after all its rows are written."""
        self._session.execute(self._batch, batch.to_row())
