"""What PostgreSQL writes, one transaction each, so that the topic has a new event for a key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg2.extensions import connection as Connection
from psycopg2.extras import execute_values

from contract.postgres.constraints import inside
from contract.table.columns import COLUMNS, NAMES

BLANK = {
    "uuid": str(UUID(int=0)),
    "text": "",
    "int": 0,
    "double": 0.0,
    "timestamp": datetime(1970, 1, 1, tzinfo=UTC),
}
"""Kind of column → its value in a row that is there only to be deleted."""


def send_again(connection: Connection, keys: Sequence[str]) -> tuple[set[str], set[str]]:
    """Updates these people to what they are. Returns the keys that PostgreSQL holds, and those of
    them that it stored before it had constraints: no change of such a row is taken, or arrives,
    before its values are corrected."""
    with connection, connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id::text, {inside()} FROM public.users WHERE id = ANY(%s::uuid[]) FOR UPDATE",
            [list(keys)],
        )
        inside_domain = dict(cursor.fetchall())
        outside = {key for key, fits in inside_domain.items() if not fits}
        cursor.execute(
            "UPDATE public.users SET id = id WHERE id = ANY(%s::uuid[])",
            [list(inside_domain.keys() - outside)],
        )
        return set(inside_domain), outside


def erase(connection: Connection, keys: Sequence[str]) -> int:
    """Inserts people with these ids and deletes them at once: delete events of people whom
    PostgreSQL does not hold. Who is there again stays. What was known of them is not written again.

    Returns how many were erased."""
    if not keys:
        return 0
    insert = (
        f"INSERT INTO public.users ({', '.join(NAMES)}) VALUES %s "
        "ON CONFLICT (id) DO NOTHING RETURNING id"
    )
    rows = [blank(key) for key in keys]
    with connection, connection.cursor() as cursor:
        inserted = execute_values(cursor, insert, rows, page_size=len(rows), fetch=True)
        cursor.execute(
            "DELETE FROM public.users WHERE id = ANY(%s::uuid[])", [[row[0] for row in inserted]]
        )
        return len(inserted)


def blank(key: str) -> tuple[Any, ...]:
    """A row that the table takes: values in the order of NAMES."""
    values = [None if column.nullable else BLANK[column.kind] for column in COLUMNS]
    return (key, *values[1:])
