"""The people as PostgreSQL and Cassandra hold them, read by id."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from contract.cassandra.cql import ORIGIN, QUERIES
from contract.postgres.sql import READ
from contract.table.columns import NAMES
from control_center.clients.clients import Clients


def in_postgres(clients: Clients, ids: Collection[str]) -> dict[str, tuple[Any, ...]]:
    """id → row of the people that are committed."""
    return {
        str(row[0]): row
        for row in _query(
            clients,
            f"SELECT {READ} FROM public.users WHERE id = ANY(%s::uuid[])",
            [list(ids)],
        )
    }


def held_in_postgres(clients: Clients, ids: Collection[str]) -> set[str]:
    """Those of the ids that are committed."""
    query = "SELECT id::text FROM public.users WHERE id = ANY(%s::uuid[])"
    return {row[0] for row in _query(clients, query, [list(ids)])} if ids else set()


def count_in_postgres(clients: Clients, ids: Collection[str]) -> int:
    """How many of these people are committed."""
    query = "SELECT count(*) FROM public.users WHERE id = ANY(%s::uuid[])"
    return int(_query(clients, query, [list(ids)])[0][0])


def in_cassandra(
    clients: Clients, ids: Collection[str]
) -> tuple[dict[str, tuple[Any, ...]], dict[str, dict[str, Any]]]:
    """id → row, and id → its origin (source_lsn, committed_at, topic_partition, topic_offset)."""
    keys = [UUID(key) for key in ids]
    found = [rows[0] for rows in clients.cassandra.execute_each(QUERIES["by_id"], keys) if rows]
    people = {str(row.id): tuple(getattr(row, name) for name in NAMES) for row in found}
    return people, {str(row.id): {name: getattr(row, name) for name in ORIGIN} for row in found}


def _query(clients: Clients, query: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with clients.postgres(statement_timeout_s=60) as connection, connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
