"""Rows and keys of Cassandra, at the consistency level of the client (LOCAL_QUORUM)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from contract.stores.cassandra import table as cassandra
from contract.stores.cassandra.keyspace import KEYSPACE
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.jobs.verification.stores import CassandraRow
from control_center.pipeline import row_repository
from control_center.pipeline.chunks import chunks

AT_ONCE = 100  # keys of one statement
CONCURRENCY = 4  # statements: the stream's writes wait behind them
PAGE = 1000  # keys
TABLE_ID = f"{cassandra.SELECT_OPTIONS} WHERE keyspace_name = ? AND table_name = ?"


class CassandraReader:
    """Reads one table. Every method raises UnreachableError."""

    def __init__(self, clients: Clients, table: Table) -> None:
        self._clients, self._table = clients, table
        self._key_of, self._width = row_repository.key_reader(table), len(table.columns)
        self._select_keys = f"{cassandra.select_keys(table)} WHERE {cassandra.in_tokens(table)}"

    def table_id(self) -> str:
        """ "" while Cassandra does not have the table."""
        known = self._clients.cassandra.execute(TABLE_ID, (KEYSPACE, self._table.name)).one()
        return str(known.id) if known else ""

    def by_keys(self, keys: Collection[str]) -> dict[str, CassandraRow]:
        bound = row_repository.bound_keys(self._table, keys)
        statement, parameters = cassandra.select_row(self._table), bound
        if len(self._table.key) == 1:
            statement = cassandra.select_rows(self._table)
            parameters = [([key for (key,) in part],) for part in chunks(bound, AT_ONCE)]
        answers = self._clients.cassandra.execute_each(statement, parameters, CONCURRENCY)
        return dict(self._row(row) for rows in answers for row in rows)

    def keys(self, start: int, end: int) -> Iterator[list[tuple[Any, ...]]]:
        rows = self._clients.cassandra.scan(self._select_keys, (start, end), page=PAGE)
        yield from chunks(rows, PAGE)

    def _row(self, row: tuple[Any, ...]) -> tuple[str, CassandraRow]:
        origin = row_repository.origin(*row[self._width :])
        return self._key_of(row), CassandraRow(row[: self._width], origin.source_lsn, origin.offset)
