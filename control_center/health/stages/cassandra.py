"""Cassandra's nodes and tables, by its system tables."""

from __future__ import annotations

from typing import Any

from contract.cassandra.cql import KEYSPACE
from control_center.clients.clients import Clients

TABLES = f"SELECT table_name FROM system_schema.tables WHERE keyspace_name = '{KEYSPACE}'"


def look(clients: Clients) -> dict[str, Any]:
    """{nodes: [{node, rack, version}], tables: [{table, mebibytes, writes, p99_ms}]}: tables as
    the node that answers has them. Raises UnreachableError."""
    ask = clients.cassandra.execute
    local = ask("SELECT rpc_address, data_center, rack, release_version FROM system.local").one()
    peers = ask("SELECT native_address, data_center, rack, release_version FROM system.peers_v2")
    sizes = {row.table_name: row.mebibytes for row in ask(_in_people("disk_usage", "mebibytes"))}
    writes = {
        row.table_name: row for row in ask(_in_people("local_write_latency", "count, p99th_ms"))
    }
    tables = sorted(row.table_name for row in ask(TABLES))
    return {
        "expected": len(clients.settings.cassandra_hosts),
        "nodes": [
            {"node": str(row[0]), "rack": f"{row[1]}/{row[2]}", "version": row[3]}
            for row in [local, *peers]
        ],
        "tables": [
            {
                "table": f"{KEYSPACE}.{table}",
                "mebibytes": sizes.get(table),
                "writes": writes[table][1] if table in writes else None,
                "p99_ms": writes[table][2] if table in writes else None,
            }
            for table in tables
        ],
    }


def _in_people(view: str, columns: str) -> str:
    return (
        f"SELECT table_name, {columns} FROM system_views.{view} "
        f"WHERE keyspace_name = '{KEYSPACE}' ALLOW FILTERING"
    )
