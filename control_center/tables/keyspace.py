"""The tables of Cassandra's keyspace, from its schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from contract.stores.cassandra.keyspace import KEYSPACE
from control_center.clients.clients import Clients

_COLUMNS = """\
SELECT column_name, kind, position, type FROM system_schema.columns
WHERE keyspace_name = ? AND table_name = ?
"""


@dataclass(frozen=True)
class StoredTable:
    """A table of Cassandra. `columns`: name → CQL type. `partition` and `clustering`: the columns
    of its key."""

    columns: Mapping[str, str]
    partition: tuple[str, ...]
    clustering: tuple[str, ...] = ()


class Keyspace(Protocol):
    """Cassandra's schema, or a stand-in of the unit tests."""

    def table(self, name: str) -> StoredTable | None:
        """None if there is no such table."""


class CassandraKeyspace:
    """Raises UnreachableError."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def table(self, name: str) -> StoredTable | None:
        rows = list(self._clients.cassandra.execute(_COLUMNS, (KEYSPACE, name)))
        if not rows:
            return None

        def key(kind: str) -> tuple[str, ...]:
            columns = sorted((row.position, row.column_name) for row in rows if row.kind == kind)
            return tuple(column for _, column in columns)

        types = {row.column_name: row.type for row in rows}
        return StoredTable(types, key("partition_key"), key("clustering"))
