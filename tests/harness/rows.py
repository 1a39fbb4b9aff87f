"""Rows of a table: written to PostgreSQL by SQL, read from Cassandra by key.

A row is column → value in a form that SQL accepts. A key is the key's text (contract/table/key.py).
"""

from __future__ import annotations

import struct
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from cassandra.cluster import Session

from contract.stores.cassandra import table as cassandra
from contract.stores.postgres import table as postgres
from contract.stores.quoting import quoted
from contract.table.key import parse_key, row_key
from contract.table.table import Table
from tests.harness.platform import Platform
from tests.harness.wait import eventually

LIMIT_S = 120
Row = dict[str, Any]
# Beginning of a type's name in PostgreSQL → a value.
ORDINARY: dict[str, Any] = {
    "varchar": "Riada",
    "text": "Riada",
    "int4": 7,
    "float8": 3.1635,
    "timestamptz": "1983-02-18 19:45:06.219+00",
}


def new_id() -> str:
    return str(uuid.uuid4())


def new_text() -> str:
    """A text that no other row has."""
    return f"Riada {uuid.uuid4().hex[:8]}"


def row(table: Table, /, **values: Any) -> Row:
    """A row of a table whose key is a UUID: a new key, and an ordinary value for each column."""
    ordinary = {
        column.name: ORDINARY.get(column.kind.postgres.partition("(")[0])
        for column in postgres.writable(table)
    }
    return ordinary | {column.name: new_id() for column in table.key} | values


def insert(platform: Platform, table: Table, /, *rows: Mapping[str, Any]) -> None:
    """Insert rows in one transaction, as the role that writes the table. A row may leave columns
    out."""
    with platform.postgres(writer(table), table.database) as connection:
        insert_with(connection, table, rows)


def insert_with(connection: Any, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows in one transaction of an open connection."""
    with connection, connection.cursor() as cursor:
        for values in rows:
            names = ", ".join(map(quoted, values))
            markers = ", ".join(["%s"] * len(values))
            cursor.execute(
                f"INSERT INTO {postgres.qualified(table)} ({names}) VALUES ({markers})",
                list(values.values()),
            )


def insert_many(platform: Platform, table: Table, count: int) -> list[str]:
    """Insert `count` new rows, as `row` makes them, and return their keys."""
    rows = [row(table) for _ in range(count)]
    insert(platform, table, *rows)
    return [row_key(table, values) for values in rows]


def update_with(connection: Any, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Set all values of rows that exist, in one transaction; a row has its key's columns too."""
    key = [column.name for column in table.key]
    with connection, connection.cursor() as cursor:
        for values in rows:
            names = [name for name in values if name not in key]
            changes = ", ".join(f"{quoted(name)} = %s" for name in names)
            condition = " AND ".join(f"{quoted(name)} = %s" for name in key)
            cursor.execute(
                f"UPDATE {postgres.qualified(table)} SET {changes} WHERE {condition}",
                [values[name] for name in (*names, *key)],
            )


def delete(platform: Platform, table: Table, keys: Iterable[str]) -> None:
    """Delete the rows with these keys; other rows stay."""
    values = [parse_key(table, key) for key in keys]
    texts = [
        [column.kind.postgres_text(value[number]) for value in values]
        for number, column in enumerate(table.key)
    ]
    condition = postgres.by_keys(table)
    statement = f"DELETE FROM {postgres.qualified(table)} WHERE {condition}"
    platform.sql(statement, texts, writer(table), table.database)


def writer(table: Table) -> str:
    """The role that writes the rows."""
    return "ingest" if table.source else "application"


def in_cassandra(session: Session, table: Table, key: str) -> Row | None:
    """Column → value, timestamps in milliseconds since 1970; None if the row does not exist."""
    prepared = session.prepare(cassandra.select_row(table))
    result = session.execute(prepared, bound(table, key))
    first = result.one()
    return dict(zip(result.column_names, first, strict=True)) if first else None


def bound(table: Table, key: str) -> list[Any]:
    """The values of a key as Cassandra's driver takes them."""
    return [
        column.kind.bind(value)
        for column, value in zip(table.key, parse_key(table, key), strict=True)
    ]


def value_of(platform: Platform, table: Table, key: str, column: str) -> Any:
    """A value in Cassandra; None if Cassandra does not hold the row."""
    with platform.cassandra() as session:
        stored = in_cassandra(session, table, key)
    return stored[column] if stored else None


def version_of(platform: Platform, table: Table, key: str) -> int:
    """The version of the row in Cassandra."""
    with platform.cassandra() as session:
        prepared = session.prepare(cassandra.select_version(table))
        return int(session.execute(prepared, bound(table, key)).one().version)


def await_row(platform: Platform, table: Table, key: str, /, **values: Any) -> None:
    """Wait until Cassandra holds these values; doubles are compared bit by bit."""
    expected = {name: bits(value) for name, value in values.items()}

    def arrived() -> bool:
        stored = in_cassandra(session, table, key)
        assert stored is not None, "Cassandra does not hold the row"
        assert {name: bits(stored[name]) for name in expected} == expected, stored
        return True

    with platform.cassandra() as session:
        eventually(arrived, f"{key} with {', '.join(values)} in Cassandra", LIMIT_S)


def await_gone(platform: Platform, table: Table, key: str) -> None:
    with platform.cassandra() as session:
        eventually(
            lambda: in_cassandra(session, table, key) is None,
            f"{key} gone from Cassandra",
            LIMIT_S,
        )


def bits(value: Any) -> Any:
    """The bytes of a double: 0.0 differs from -0.0, and NaN equals NaN. Other values unchanged."""
    return struct.pack(">d", value) if isinstance(value, float) else value
