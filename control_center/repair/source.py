"""What PostgreSQL writes, one transaction each, so that the topic has a new event for a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg2.extensions import connection as Connection
from psycopg2.extras import execute_values

from users.columns import COLUMNS, NAMES

Row = Sequence[Any]

BLANK = {
    "uuid": str(UUID(int=0)),
    "text": "",
    "int": 0,
    "double": 0.0,
    "timestamp": datetime(1970, 1, 1, tzinfo=UTC),
}
"""Kind of column → what stands where a value is not known."""


def send_again(connection: Connection, keys: Sequence[str]) -> set[str]:
    """Updates these people to what they are; the keys that PostgreSQL holds."""
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "UPDATE public.users SET id = id WHERE id = ANY(%s::uuid[]) RETURNING id::text",
            [list(keys)],
        )
        return {row[0] for row in cursor.fetchall()}


def erase(connection: Connection, people: Mapping[str, Row | None]) -> int:
    """Inserts these people and deletes them at once: delete events of people whom PostgreSQL does
    not hold. Who has come back meanwhile stays. A value is the row that is known elsewhere, if any.

    Returns how many were erased."""
    if not people:
        return 0
    insert = (
        f"INSERT INTO public.users ({', '.join(NAMES)}) VALUES %s "
        "ON CONFLICT (id) DO NOTHING RETURNING id"
    )
    rows = [complete(key, row) for key, row in people.items()]
    with connection, connection.cursor() as cursor:
        inserted = execute_values(cursor, insert, rows, page_size=len(rows), fetch=True)
        cursor.execute(
            "DELETE FROM public.users WHERE id = ANY(%s::uuid[])", [[row[0] for row in inserted]]
        )
        return len(inserted)


def complete(key: str, row: Row | None) -> tuple[Any, ...]:
    """A row that the table takes: values in the order of NAMES, none missing that must be there."""
    known = dict(zip(NAMES, row, strict=True)) if row is not None else {}
    blank = {column.name: None if column.nullable else BLANK[column.kind] for column in COLUMNS}
    there = {name: value for name, value in known.items() if value is not None}
    return tuple((blank | there | {"id": key}).values())
