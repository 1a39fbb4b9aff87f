"""Rows by key in PostgreSQL and Cassandra. A key is its text (contract/table/key.py).

Every function that takes clients raises UnreachableError.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from contract.kafka.offsets import TopicOffset
from contract.stores.cassandra import table as cassandra
from contract.stores.postgres import table as postgres
from contract.stores.postgres.table import parameter_safe
from contract.stores.quoting import quoted
from contract.table.column import Column
from contract.table.key import key_reader as key_reader
from contract.table.key import key_text, parse_key
from contract.table.kinds.kind import Canonical
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.pipeline.chunks import chunks

Row = tuple[Any, ...]  # values in the order of the table's columns
CHUNK = 5000  # keys


@dataclass(frozen=True)
class Origin:
    """The event from which a row in Cassandra comes: the commit's WAL position, its milliseconds
    since 1970, and the event's offset. A value is None in a row that lacks it."""

    source_lsn: int | None
    committed_ms: int | None
    offset: TopicOffset | None


def key_values(table: Table, key: str) -> tuple[Canonical, ...] | None:
    """The canonical values in the key; None if no row can have it."""
    try:
        values = parse_key(table, key)
    except ValueError:
        return None
    fit = (fits(column, value) for column, value in zip(table.key, values, strict=True))
    return values if all(fit) else None


def key_lists(table: Table, keys: Collection[str]) -> list[list[str]]:
    """The parameters of contract.stores.postgres.table.by_keys. Keys that no row can have are left
    out."""
    known = [values for key in keys if (values := key_values(table, key)) is not None]
    return [
        [column.kind.postgres_text(values[number]) for values in known]
        for number, column in enumerate(table.key)
    ]


def select(table: Table, columns: str) -> str:
    """SELECT … FROM …, the beginning of a statement with parameters."""
    return parameter_safe(f"SELECT {columns} FROM {postgres.qualified(table)}")


def each_in_postgres(
    clients: Clients, table: Table, keys: Collection[str]
) -> Iterator[tuple[str, Row]]:
    """Key and row of each committed row among these keys."""
    query = f"{select(table, postgres.read(table))} WHERE {postgres.by_keys(table)}"
    key_of = key_reader(table)
    for part in chunks(keys, CHUNK):
        for row in _query(clients, table, query, key_lists(table, part)):
            yield key_of(row), row


def in_postgres(clients: Clients, table: Table, keys: Collection[str]) -> dict[str, Row]:
    """Key → row of the committed rows."""
    return dict(each_in_postgres(clients, table, keys))


def held_in_postgres(clients: Clients, table: Table, keys: Collection[str]) -> set[str]:
    """The keys among these whose row is committed."""
    query = f"{select(table, postgres.read_key(table))} WHERE {postgres.by_keys(table)}"
    return {
        key_text(table, row)
        for part in chunks(keys, CHUNK)
        for row in _query(clients, table, query, key_lists(table, part))
    }


def count_in_postgres(clients: Clients, table: Table, keys: Collection[str]) -> int:
    """The number of these rows that are committed."""
    query = f"{select(table, 'count(*)')} WHERE {postgres.by_keys(table)}"
    return sum(
        int(_query(clients, table, query, key_lists(table, part))[0][0])
        for part in chunks(keys, CHUNK)
    )


def estimated_rows(clients: Clients, table: Table) -> int:
    """The planner's estimate of the number of rows, from the size of the table's file."""
    [[plan]] = _query(clients, table, f"EXPLAIN (FORMAT JSON) {select(table, '')}", [])
    return int(plan[0]["Plan"]["Plan Rows"])


def sample_in_postgres(clients: Clients, table: Table, count: int) -> dict[str, Row]:
    """Key → row of the first `count` rows in the order of the key."""
    order = ", ".join(quoted(column.name) for column in table.key)
    query = f"{select(table, postgres.read(table))} ORDER BY {parameter_safe(order)} LIMIT %s"
    key_of = key_reader(table)
    return {key_of(row): row for row in _query(clients, table, query, [count])}


def key_in_postgres(clients: Clients, table: Table, column: str, text: str) -> str | None:
    """The key of a row with this value in a column; None if there is none. `text`: the value as
    PostgreSQL reads it."""
    name, kind = quoted(column), table.column(column).kind
    condition = f"{parameter_safe(name)} = %s::text::{kind.postgres}"
    query = f"{select(table, postgres.read_key(table))} WHERE {condition} LIMIT 1"
    rows = _query(clients, table, query, [text], timeout_s=4)
    return key_text(table, rows[0]) if rows else None


def key_in_cassandra(clients: Clients, table: Table, column: str, text: str) -> str | None:
    """The key of a row with this value in a column that has an index, which PostgreSQL's table need
    not have; None if there is none. `text`: the value as PostgreSQL reads it."""
    kind = table.column(column).kind
    try:
        value = kind.bind(kind.canonical(text))
    except (TypeError, ValueError, ArithmeticError):
        return None
    statement = cassandra.select_key_by(table, column)
    [rows] = clients.cassandra.execute_each(statement, [(value,)])
    return key_text(table, rows[0]) if rows else None


def in_cassandra(
    clients: Clients, table: Table, keys: Collection[str]
) -> tuple[dict[str, Row], dict[str, Origin]]:
    """Key → row, and key → its origin, of the rows that Cassandra holds."""
    rows: dict[str, Row] = {}
    origins: dict[str, Origin] = {}
    for key, row, origin in each_in_cassandra(clients, table, keys):
        rows[key], origins[key] = row, origin
    return rows, origins


def each_in_cassandra(
    clients: Clients, table: Table, keys: Collection[str]
) -> Iterator[tuple[str, Row, Origin]]:
    """Key, row and origin of each row that Cassandra holds."""
    key_of, width = key_reader(table), len(table.columns)
    statement = cassandra.select_row(table)
    for part in chunks(keys, CHUNK):
        for rows in clients.cassandra.execute_each(statement, bound_keys(table, part)):
            for row in rows:
                yield key_of(row), tuple(row[:width]), origin(*row[width:])


def versions_in_cassandra(
    clients: Clients, table: Table, keys: Collection[str]
) -> dict[str, int | None]:
    """Key → write timestamp of the rows that Cassandra holds; None for a row without an origin."""
    known = [key for key in keys if key_values(table, key) is not None]
    statement = cassandra.select_version(table)
    answers = clients.cassandra.execute_each(statement, bound_keys(table, known))
    return {key: rows[0][0] for key, rows in zip(known, answers, strict=True) if rows}


def bound_keys(table: Table, keys: Collection[str]) -> list[tuple[Any, ...]]:
    """The parameters of contract.stores.cassandra.table.select_row for each key. Keys that no row
    can have are left out."""
    known = (values for key in keys if (values := key_values(table, key)) is not None)
    return [
        tuple(column.kind.bind(value) for column, value in zip(table.key, values, strict=True))
        for values in known
    ]


def fits(column: Column, value: Canonical) -> bool:
    """Can the column hold this canonical value? Some kinds know it only of other forms."""
    try:
        return column.cause(value) is None
    except (TypeError, ValueError):
        return True


def origin(
    source_lsn: int | None, committed_ms: int | None, partition: int | None, offset: int | None
) -> Origin:
    """Of the columns that contract.stores.cassandra.table.read adds to those of the table."""
    if partition is None or offset is None:
        return Origin(source_lsn, committed_ms, None)
    return Origin(source_lsn, committed_ms, TopicOffset(partition, offset))


def _query(
    clients: Clients, table: Table, query: str, parameters: list[Any], timeout_s: float = 60
) -> list[tuple[Any, ...]]:
    with (
        clients.postgres(table.database, statement_timeout_s=timeout_s) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
