"""People by id in PostgreSQL and Cassandra.

Every function raises UnreachableError.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contract.kafka.offsets import TopicOffset
from contract.stores.cassandra.cql import QUERIES
from contract.stores.postgres.sql import READ
from contract.table.columns import NAMES
from control_center.clients.clients import Clients

Row = tuple[Any, ...]  # values in the order of contract.table.columns.NAMES


def in_postgres(clients: Clients, ids: Collection[str]) -> dict[str, Row]:
    """id → row of the committed people."""
    return {
        str(row[0]): row
        for row in _query(
            clients,
            f"SELECT {READ} FROM public.users WHERE id = ANY(%s::uuid[])",
            [list(ids)],
        )
    }


def held_in_postgres(clients: Clients, ids: Collection[str]) -> set[str]:
    """The ids among these whose person is committed."""
    query = "SELECT id::text FROM public.users WHERE id = ANY(%s::uuid[])"
    return {row[0] for row in _query(clients, query, [list(ids)])} if ids else set()


def id_in_postgres(clients: Clients, column: str, value: str) -> str | None:
    """The id of a person with this value in the column `id` or `email`, or None."""
    query = {
        "id": "SELECT id::text FROM public.users WHERE id = %s LIMIT 1",
        "email": "SELECT id::text FROM public.users WHERE email = %s LIMIT 1",
    }[column]
    return next((str(row[0]) for row in _query(clients, query, [value], timeout_s=4)), None)


def count_in_postgres(clients: Clients, ids: Collection[str]) -> int:
    """The number of these people that are committed."""
    query = "SELECT count(*) FROM public.users WHERE id = ANY(%s::uuid[])"
    return int(_query(clients, query, [list(ids)])[0][0])


@dataclass(frozen=True)
class Origin:
    """The event from which a row in Cassandra comes: the commit's WAL position, its milliseconds
    since 1970, and the event's offset. A value is None in a row that lacks it."""

    source_lsn: int | None
    committed_ms: int | None
    offset: TopicOffset | None


def in_cassandra(
    clients: Clients, ids: Collection[str]
) -> tuple[dict[str, Row], dict[str, Origin]]:
    """id → row, and id → its origin, of the people that Cassandra holds."""
    keys = [UUID(key) for key in ids]
    rows = [rows[0] for rows in clients.cassandra.execute_each(QUERIES["by_id"], keys) if rows]
    people = {str(row.id): tuple(getattr(row, name) for name in NAMES) for row in rows}
    return people, {str(row.id): _origin(row) for row in rows}


def _origin(row: Any) -> Origin:
    has_offset = row.topic_offset is not None
    return Origin(
        row.source_lsn,
        row.committed_at,
        TopicOffset(row.topic_partition, row.topic_offset) if has_offset else None,
    )


def _query(
    clients: Clients, query: str, parameters: list[Any], timeout_s: float = 60
) -> list[tuple[Any, ...]]:
    with (
        clients.postgres(statement_timeout_s=timeout_s) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
