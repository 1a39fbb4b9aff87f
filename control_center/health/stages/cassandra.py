"""Cassandra's nodes and tables, from its system tables."""

from __future__ import annotations

from dataclasses import dataclass

from contract.json_record import JsonRecord
from contract.stores.cassandra.keyspace import KEYSPACE
from contract.table.table import Table
from control_center.clients.clients import Clients

TABLES = f"SELECT table_name FROM system_schema.tables WHERE keyspace_name = '{KEYSPACE}'"


@dataclass(frozen=True)
class CassandraNode(JsonRecord):
    """`node`: address; `rack`: "datacenter/rack"."""

    node: str
    rack: str
    version: str


@dataclass(frozen=True)
class CassandraTable(JsonRecord):
    """Figures of the node that answers: size on disk in MiB, writes since its start and their 99th
    percentile in whole ms, as precise as Cassandra gives it. None if the node has no such row."""

    table: str
    mebibytes: int | None
    writes: int | None
    p99_ms: int | None


@dataclass(frozen=True)
class CassandraStage(JsonRecord):
    """`expected`: how many nodes the platform has."""

    expected: int
    nodes: tuple[CassandraNode, ...]
    tables: tuple[CassandraTable, ...]


def describe(clients: Clients, _: Table | None = None) -> CassandraStage:
    """Raises UnreachableError."""
    ask = clients.cassandra.execute
    local = ask("SELECT rpc_address, data_center, rack, release_version FROM system.local").one()
    peers = ask("SELECT native_address, data_center, rack, release_version FROM system.peers_v2")
    sizes = {row.table_name: row.mebibytes for row in ask(_in_keyspace("disk_usage", "mebibytes"))}
    writes = {
        row.table_name: (row[1], whole_ms(row[2]))
        for row in ask(_in_keyspace("local_write_latency", "count, p99th_ms"))
    }
    tables = sorted(row.table_name for row in ask(TABLES))
    return CassandraStage(
        expected=len(clients.settings.cassandra_hosts),
        nodes=tuple(
            CassandraNode(str(row[0]), f"{row[1]}/{row[2]}", row[3]) for row in [local, *peers]
        ),
        tables=tuple(
            CassandraTable(
                f"{KEYSPACE}.{table}", sizes.get(table), *writes.get(table, (None, None))
            )
            for table in tables
        ),
    )


def whole_ms(p99th_ms: float | None) -> int | None:
    """Cassandra 5.0 fills p99th_ms with seconds: it takes the timer's microseconds for nanoseconds,
    and rounds to three digits (org.apache.cassandra.db.virtual.TableMetricTables, NS_TO_MS)."""
    return None if p99th_ms is None else round(p99th_ms * 1000)


def _in_keyspace(view: str, columns: str) -> str:
    return (
        f"SELECT table_name, {columns} FROM system_views.{view} "
        f"WHERE keyspace_name = '{KEYSPACE}' ALLOW FILTERING"
    )
