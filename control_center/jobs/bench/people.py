"""Generated people for the measurement, with the source's shape and size, marked by their
username."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from contract.stores.postgres.sql import UPSERT
from contract.table.columns import NAMES
from control_center.clients.clients import Clients
from control_center.jobs.smoke_test import source

MARK = "bench-"
TRANSACTION = 1000
Row = tuple[Any, ...]


def people(clients: Clients) -> Iterator[Row]:
    """An endless sequence of rows with values of the source's people; each row has its own id,
    username and email. Raises UnreachableError."""
    patterns = list(source.fetch(clients, "bench", TRANSACTION, TRANSACTION).people.values())
    index = {name: NAMES.index(name) for name in ("id", "username", "email")}
    for pattern in itertools.cycle(patterns):
        row, key = list(pattern), str(uuid4())
        row[index["id"]] = key
        row[index["username"]] = f"{MARK}{key[:8]}"
        row[index["email"]] = f"{key[:8]}.{row[index['email']]}"[:255]
        yield tuple(row)


def statement(cursor: Cursor, rows: list[Row]) -> bytes:
    """The statement that inserts these rows."""
    row_template = f"({', '.join(['%s'] * len(NAMES))})"
    values = b",".join(cursor.mogrify(row_template, row) for row in rows)
    return UPSERT.encode().replace(b"%s", values, 1)


def insert(connection: Connection, rows: list[Row]) -> None:
    """Inserts these rows in one transaction."""
    with connection, connection.cursor() as cursor:
        cursor.execute(statement(cursor, rows))


def delete_all(connection: Connection) -> list[str]:
    """Deletes all people with the mark, 1,000 per transaction; returns their ids."""
    query = "SELECT id::text FROM public.users WHERE username LIKE %s"
    with connection, connection.cursor() as cursor:
        cursor.execute(query, [f"{MARK}%"])
        keys = [row[0] for row in cursor.fetchall()]
    for first in range(0, len(keys), TRANSACTION):
        with connection, connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM public.users WHERE id = ANY(%s::uuid[])",
                [keys[first : first + TRANSACTION]],
            )
    return keys
