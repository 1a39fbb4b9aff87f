"""PostgreSQL as the repair writes to it: each call is one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg2.extensions import connection as Connection
from psycopg2.extras import execute_values

from contract.stores.postgres.constraints import inside
from contract.table.columns import COLUMNS, NAMES
from control_center.jobs.repair.plan import RepairPlan, plan

# Kind of column → its value in a row that is inserted and deleted at once.
BLANK = {
    "uuid": str(UUID(int=0)),
    "text": "",
    "int": 0,
    "double": 0.0,
    "timestamp": datetime(1970, 1, 1, tzinfo=UTC),
}


class PostgresSource:
    """Implements `run.Source`; the connection has the role `ingest`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def republish(self, keys: Sequence[str]) -> RepairPlan:
        """Updates the rows that can be republished to the values they have, so that the topic gets
        a new event for each. Returns the plan for all the keys; raises psycopg2.Error."""
        with self._connection as connection, connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id::text, {inside()} FROM public.users "
                "WHERE id = ANY(%s::uuid[]) FOR UPDATE",
                [list(keys)],
            )
            decided = plan(keys, dict(cursor.fetchall()))
            cursor.execute(
                "UPDATE public.users SET id = id WHERE id = ANY(%s::uuid[])",
                [list(decided.republish)],
            )
            return decided

    def erase(self, keys: Sequence[str]) -> int:
        """Publishes delete events of people whom PostgreSQL does not hold: inserts blank rows with
        these ids, and deletes them in the same transaction. A person re-inserted in the meantime is
        kept. The rows contain none of their known values. Returns how many were erased; raises
        psycopg2.Error."""
        if not keys:
            return 0
        insert = (
            f"INSERT INTO public.users ({', '.join(NAMES)}) VALUES %s "
            "ON CONFLICT (id) DO NOTHING RETURNING id"
        )
        rows = [blank(key) for key in keys]
        with self._connection as connection, connection.cursor() as cursor:
            inserted = execute_values(cursor, insert, rows, page_size=len(rows), fetch=True)
            cursor.execute(
                "DELETE FROM public.users WHERE id = ANY(%s::uuid[])",
                [[row[0] for row in inserted]],
            )
            return len(inserted)


def blank(key: str) -> tuple[Any, ...]:
    """A row that the table accepts and that holds only the id of a person, in the order of
    NAMES."""
    values = [None if column.nullable else BLANK[column.kind] for column in COLUMNS]
    return (key, *values[1:])
