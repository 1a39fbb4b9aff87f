"""The statements for one table that the driver process sends to Cassandra."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from cassandra import InvalidRequest
from cassandra.concurrent import execute_concurrent_with_args

from contract.kafka import retention
from contract.stores.cassandra import batches
from contract.stores.cassandra import table as cql
from contract.stores.cassandra.batches import BatchRecord
from contract.table.column import Column
from contract.table.table import Table
from riada_stream.sink.cassandra_connection import CassandraConnection
from riada_stream.sink.change import Change, Key

CONCURRENCY = 64
KEYS_PER_QUERY = 100
# Errors that a row causes. Every other error is an outage.
ROW_ERRORS = (InvalidRequest, TypeError, ValueError, OverflowError)


class CassandraSession:
    """Every method raises the driver's errors."""

    def __init__(self, connection: CassandraConnection, table: Table) -> None:
        """The table must exist."""
        self._connection = connection
        self._session = connection.session
        self._table = table
        prepare = self._session.prepare
        self._delete = prepare(cql.delete_row(table))
        self._version = prepare(cql.select_version(table))
        self._origin = prepare(cql.select_origin(table))
        self._upsert = prepare(cql.insert_row(table))
        self._versions = prepare(cql.select_versions(table)) if len(table.key) == 1 else None
        self._insert_batch = prepare(batches.INSERT)

    def ping(self) -> None:
        self._connection.ping()

    def delete(self, deletes: Sequence[Change]) -> list[str]:
        """Deletes rows. Returns the coordinator that acknowledged each delete."""
        arguments = [(change.version, *self._bound(change.key)) for change in deletes]
        results = execute_concurrent_with_args(self._session, self._delete, arguments, CONCURRENCY)
        return [str(result.response_future.coordinator_host) for _, result in results]

    def versions(self, keys: Sequence[Key]) -> dict[Key, int]:
        """The versions of the rows that exist."""
        if self._versions is not None:
            return self._versions_of_values([key[0] for key in keys])
        arguments = [self._bound(key) for key in keys]
        results = execute_concurrent_with_args(self._session, self._version, arguments, CONCURRENCY)
        return {
            key: row.version
            for key, (_, rows) in zip(keys, results, strict=True)
            for row in rows
            if row.version is not None
        }

    def _versions_of_values(self, values: Sequence[Any]) -> dict[Key, int]:
        """The versions of rows with a key of one column, many keys in one query."""
        kind = self._table.key[0].kind
        bound = [kind.bind(value) for value in values]
        keys = {kind.canonical(b): (value,) for value, b in zip(values, bound, strict=True)}
        chunks = [
            (bound[first : first + KEYS_PER_QUERY],)
            for first in range(0, len(bound), KEYS_PER_QUERY)
        ]
        results = execute_concurrent_with_args(self._session, self._versions, chunks, CONCURRENCY)
        return {
            keys[kind.canonical(row.key)]: row.version
            for _, rows in results
            for row in rows
            if row.version is not None
        }

    def describe(self, key: Key) -> str:
        """The version and the origin of one row, read by its key alone, as text for the log."""
        row = self._session.execute(self._origin, self._bound(key)).one()
        if row is None or row.version is None:
            return "a read by its key does not return the row"
        origin = f"{row.topic_partition}:{row.topic_offset}"
        return f"a read by its key returns version {row.version}, from {origin}"

    def upsert(self, rows: Sequence[Sequence[Any]]) -> list[str | None]:
        """Writes rows of upserts() one by one. Returns for each row None, or why it is refused."""
        refusals: list[str | None] = [None] * len(rows)
        values, places = [], []
        for place, row in enumerate(rows):
            try:
                values.append(bind_values(self._table, row))
                places.append(place)
            except ROW_ERRORS as error:
                refusals[place] = refusal(error)
        results = execute_concurrent_with_args(
            self._session, self._upsert, values, CONCURRENCY, raise_on_first_error=False
        )
        for place, (succeeded, result) in zip(places, results, strict=True):
            refusals[place] = None if succeeded else refusal(result)
        return refusals

    def record(self, batch: BatchRecord) -> None:
        """Writes a row of people.batches."""
        self._session.execute(self._insert_batch, batch.to_row(self._table.name))

    def has_batches(self) -> bool:
        """Whether people.batches has a record of this table that has not expired."""
        today = datetime.now(timezone.utc).date()
        days = [today - timedelta(days=back) for back in range(-1, retention.BATCHES.days + 1)]
        query = self._session.prepare(batches.EXISTS)
        return self._session.execute(query, (self._table.name, days)).one() is not None

    def _bound(self, key: Key) -> tuple[Any, ...]:
        pairs = zip(self._table.key, key, strict=True)
        return tuple(column.kind.bind(value) for column, value in pairs)


def bind_values(table: Table, row: Sequence[Any]) -> tuple[Any, ...]:
    """The values of a row of upserts() as the driver binds them."""
    count = len(table.columns)
    bound = (_bind(column, value) for column, value in zip(table.columns, row[:count], strict=True))
    return (*bound, *row[count:])


def _bind(column: Column, value: Any) -> Any:
    return None if value is None else column.kind.bind(value)


def refusal(error: Exception) -> str:
    """The reason of a row that Cassandra refuses. Raises an error that the row did not cause."""
    if not isinstance(error, ROW_ERRORS):
        raise error
    return f"refused by Cassandra: {error}"
