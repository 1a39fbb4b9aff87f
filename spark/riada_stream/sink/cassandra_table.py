"""Creates and alters the table of a Table in Cassandra, before its query starts."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from contract.stores.cassandra import table as cql
from contract.stores.cassandra.keyspace import KEYSPACE
from contract.table.table import Table
from riada_stream.runtime.halt import HaltError

log = logging.getLogger(__name__)

DDL_TIMEOUT_S = 30.0
# Concurrent changes of the schema by one process would only wait for each other.
_changes = threading.Lock()

_COLUMNS = "SELECT column_name, type, kind, position FROM system_schema.columns"
_INDEXES = "SELECT index_name FROM system_schema.indexes"
_OF_TABLE = " WHERE keyspace_name = %s AND table_name = %s"
_IDS = "SELECT table_name, id FROM system_schema.tables WHERE keyspace_name = %s"


class TableMismatchError(HaltError):
    """Cassandra's table has another key or other types than the table's file."""


class CqlSession(Protocol):
    """The part of the Cassandra driver's Session that is used here."""

    def execute(self, query: str, parameters: Any = None, timeout: float = ...) -> Any: ...


@dataclass(frozen=True)
class StoredTable:
    """A table as Cassandra has it. `columns`: name → type."""

    id: str
    columns: Mapping[str, str]
    partition: tuple[str, ...]
    clustering: tuple[str, ...]
    indexes: frozenset[str] = frozenset()
    has_options: bool = True


def ensure(session: CqlSession, table: Table) -> str:
    """Returns the id of the table, which exists then with every column and index. Raises
    TableMismatchError, and the driver's errors."""
    with _changes:
        stored = read(session, table)
        if stored is None:
            _change(session, cql.create(table))
            stored = read(session, table)
            if stored is None:
                raise RuntimeError(f"cassandra: {cql.qualified(table)} was created and is missing")
        check(stored, table)
        for statement in missing(stored, table):
            _change(session, statement)
        return stored.id


def drop(session: CqlSession, table: Table) -> None:
    """Cassandra gives a role every permission on the tables that it has created."""
    with _changes:
        _change(session, cql.drop(table))


def ids(session: CqlSession) -> dict[str, str]:
    """Name of every table of the keyspace → its id, which changes when it is created again."""
    return {row.table_name: str(row.id) for row in session.execute(_IDS, (KEYSPACE,))}


def read(session: CqlSession, table: Table) -> StoredTable | None:
    name = (KEYSPACE, table.name)
    row = next(iter(session.execute(cql.SELECT_OPTIONS + _OF_TABLE, name)), None)
    if row is None:
        return None
    columns = sorted(session.execute(_COLUMNS + _OF_TABLE, name), key=lambda row: row.position)
    return StoredTable(
        id=str(row.id),
        columns={column.column_name: column.type for column in columns},
        partition=_names(columns, "partition_key"),
        clustering=_names(columns, "clustering"),
        indexes=frozenset(
            index.index_name for index in session.execute(_INDEXES + _OF_TABLE, name)
        ),
        has_options=row.gc_grace_s == cql.GC_GRACE_S
        and all(
            row.compaction.get(key, "").endswith(value) for key, value in cql.COMPACTION.items()
        ),
    )


def _names(columns: Sequence[Any], kind: str) -> tuple[str, ...]:
    return tuple(column.column_name for column in columns if column.kind == kind)


def check(stored: StoredTable, table: Table) -> None:
    """Raises TableMismatchError when no statement can make the table fit."""
    differences = [
        f"column {name} is {stored.columns[name]}, not {kind}"
        for name, kind in cql.columns(table).items()
        if name in stored.columns and _plain(stored.columns[name]) != _plain(kind)
    ]
    if (stored.partition, stored.clustering) != (table.partition, table.clustering):
        differences.append(f"its key is {_key(stored.partition, stored.clustering)}")
    if differences:
        raise TableMismatchError(
            f"cassandra: {cql.qualified(table)} differs from tables/{table.name}.toml: "
            f"{'; '.join(differences)}. make rebuild drops the table and sends every row again"
        )


def missing(stored: StoredTable, table: Table) -> list[str]:
    """The statements that the table needs."""
    return [
        *([] if stored.has_options else [cql.change_options(table)]),
        *(
            statement
            for name, statement in cql.add_columns(table).items()
            if name not in stored.columns
        ),
        *(
            statement
            for name, statement in cql.create_indexes(table).items()
            if name not in stored.indexes
        ),
    ]


def _change(session: CqlSession, statement: str) -> None:
    log.info("cassandra: %s", statement.partition("\n")[0])
    session.execute(statement, timeout=DDL_TIMEOUT_S)


def _plain(kind: str) -> str:
    return kind.replace(" ", "").lower()


def _key(partition: tuple[str, ...], clustering: tuple[str, ...]) -> str:
    return f"({', '.join(['(' + ', '.join(partition) + ')', *clustering])})"
