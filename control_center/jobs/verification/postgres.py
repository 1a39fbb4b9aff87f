"""Rows of PostgreSQL with their versions, and which of them have changed.

A row's xmin is the transaction that wrote it. A row that a snapshot does not show was written by a
transaction whose number is at least the snapshot's xmin, also by a subtransaction. So `age(xmin)`
finds it without an index and without anything that Riada would have to make in the database:
https://www.postgresql.org/docs/17/functions-info.html#FUNCTIONS-INFO-SNAPSHOT
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from psycopg2.extensions import cursor as Cursor

from contract.errors import UnreachableError
from contract.stores.postgres import table as postgres
from contract.table.key import key_text
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.jobs.verification.connections import TIMEOUT_S, Connections
from control_center.jobs.verification.stores import Changes, PostgresRow, Row, Snapshot
from control_center.pipeline import row_repository
from control_center.pipeline.chunks import chunks

# Seconds between the time that a commit records and the moment at which others see it, at most.
COMMIT_S = 1.0
PAGE = 1000  # rows
PAGE_BYTES = 8 << 20  # of rows in memory
RANGES_SINCE = 140000  # the version of PostgreSQL that reads a range of blocks without a scan
MOST_ROWS_OF_BLOCK = 291  # of 8 KiB: MaxHeapTuplesPerPage

SNAPSHOT = """
SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint,
       extract(epoch FROM now())::float8,
       pg_relation_size(c.oid) / current_setting('block_size')::bigint,
       coalesce(pg_relation_filenode(c.oid), 0)::bigint,
       CASE WHEN c.reltuples > 0 THEN pg_table_size(c.oid) / c.reltuples ELSE 0 END::float8
FROM pg_current_snapshot() AS s, pg_class AS c WHERE c.oid = %s::regclass
"""


class PostgresReader:
    """Reads one table. Every method raises UnreachableError."""

    def __init__(self, clients: Clients, connections: Connections, table: Table) -> None:
        self._clients, self._table = clients, table
        self._cursor = partial(connections.cursor, table.database)
        self._key_of = row_repository.key_reader(table)
        self._select = row_repository.select(
            table, f"{postgres.read(table)}, xmin::text, ctid::text"
        )

    def snapshot(self) -> Snapshot:
        with self._cursor() as cursor:
            return self._snapshot(cursor)

    @contextmanager
    def changed(self, since: Snapshot) -> Iterator[Changes]:
        with self._clients.postgres(
            self._table.database, statement_timeout_s=TIMEOUT_S
        ) as connection:
            connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
            with connection.cursor() as cursor:
                snapshot = self._snapshot(cursor)
            page, xmin = page_of(snapshot), [str(since.xmin % 2**32)]
            condition = "WHERE age(xmin) <= age(%s::xid)"
            with connection.cursor() as cursor:
                count = row_repository.select(self._table, "count(*)")
                cursor.execute(f"{count} {condition}", xmin)
                (changed,) = cursor.fetchone() or (0,)
            with connection.cursor("changed") as cursor:
                cursor.itersize = page
                cursor.execute(f"{self._select} {condition}", xmin)
                parts = (self._rows(part) for part in chunks(cursor, page))
                yield Changes(snapshot, changed, parts)

    def blocks(self, start: int, end: int) -> Mapping[str, PostgresRow]:
        with self._cursor() as cursor:
            condition, parameters = of_blocks(start, end, cursor.connection.server_version)
            cursor.execute(f"{self._select} WHERE {condition}", parameters)
            return self._rows(cursor.fetchall())

    def by_keys(self, keys: Collection[str]) -> Mapping[str, PostgresRow]:
        with self._cursor() as cursor:
            query = f"{self._select} WHERE {postgres.by_keys(self._table)}"
            cursor.execute(query, row_repository.key_lists(self._table, keys))
            return self._rows(cursor.fetchall())

    def unknown(self, keys: Sequence[Row]) -> list[str]:
        """Those of these keys that have no row. A count answers for most lists of keys."""
        with suppress(UnreachableError, ValueError, TypeError, ArithmeticError):
            if self._count(keys) == len(keys):
                return []
        # One is missing, or is a value that no row of PostgreSQL can have.
        texts = [key_text(self._table, key) for key in keys]
        held = row_repository.held_in_postgres(self._clients, self._table, texts)
        return [text for text in texts if text not in held]

    def _count(self, keys: Sequence[Row]) -> int:
        lists = [
            [column.kind.postgres_text(column.kind.canonical(key[number])) for key in keys]
            for number, column in enumerate(self._table.key)
        ]
        with self._cursor() as cursor:
            count = row_repository.select(self._table, "count(*)")
            cursor.execute(f"{count} WHERE {postgres.by_keys(self._table)}", lists)
            (held,) = cursor.fetchone() or (0,)
        return int(held)

    def _snapshot(self, cursor: Cursor) -> Snapshot:
        cursor.execute(SNAPSHOT, [postgres.qualified(self._table)])
        row = cursor.fetchone()
        assert row is not None
        xmin, xmax, at, blocks, file, row_bytes = row
        return Snapshot(xmin, xmax, at - COMMIT_S, blocks, file, row_bytes)

    def _rows(self, rows: Collection[tuple[Any, ...]]) -> dict[str, PostgresRow]:
        key_of = self._key_of
        return {key_of(row): PostgresRow(row[:-2], f"{row[-2]} {row[-1]}") for row in rows}


def page_of(snapshot: Snapshot) -> int:
    """So many rows that memory holds PAGE_BYTES of them."""
    return int(max(1, min(PAGE, PAGE_BYTES / max(1.0, snapshot.row_bytes))))


def of_blocks(start: int, end: int, version: int) -> tuple[str, list[Any]]:
    """A condition that reads only these blocks, `end` excluded, and its parameters. PostgreSQL 13
    reads a list of places so, but not a range of them."""
    if version >= RANGES_SINCE:
        return "ctid >= %s::tid AND ctid < %s::tid", [f"({start},0)", f"({end},0)"]
    return (
        "ctid = ANY (ARRAY(SELECT format('(%%s,%%s)', block, place)::tid"
        " FROM generate_series(%s, %s) AS block, generate_series(1, %s) AS place))"
    ), [start, end - 1, MOST_ROWS_OF_BLOCK]
