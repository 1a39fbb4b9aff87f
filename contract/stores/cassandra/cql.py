"""`users` in Cassandra: idempotent CQL (`python -m contract.stores.cassandra.cql` prints it)."""

from __future__ import annotations

from contract.kafka import retention
from contract.stores.cassandra import batches
from contract.stores.cassandra.keyspace import KEYSPACE as KEYSPACE
from contract.table.columns import COLUMNS, Kind

TYPES: dict[Kind, str] = {
    "uuid": "uuid",
    "text": "text",
    "int": "int",
    "double": "double",
    "timestamp": "timestamp",
}
# The origin of a row: the commit in PostgreSQL and the event on the topic.
ORIGIN: dict[str, str] = {
    "source_lsn": "bigint",
    "committed_at": "timestamp",
    "topic_partition": "int",
    "topic_offset": "bigint",
}
INDEXED = ("email", "country", "registered_at")
GC_GRACE_S = retention.seconds(retention.TOMBSTONE)

# Size-tiered compaction would put all tables below 50 MiB into one tier and rewrite it with each
# flush.
COMPACTION = {"class": "UnifiedCompactionStrategy", "scaling_parameters": "T4"}


def columns() -> dict[str, str]:
    """Column name → CQL type of people.users, in order."""
    return {column.name: TYPES[column.kind] for column in COLUMNS} | ORIGIN


def statements(replication_factor: int = 1) -> list[str]:
    """Keyspace, tables and indexes, one idempotent CQL statement each."""
    replication = f"{{'class': 'NetworkTopologyStrategy', 'dc1': {replication_factor}}}"
    users = ",\n    ".join(f"{name} {kind}" for name, kind in columns().items())
    return [
        f"CREATE KEYSPACE IF NOT EXISTS {KEYSPACE} WITH replication = {replication}",
        f"ALTER KEYSPACE {KEYSPACE} WITH replication = {replication}",
        f"CREATE TABLE IF NOT EXISTS {KEYSPACE}.users (\n    {users},\n    PRIMARY KEY (id)\n)",
        f"ALTER TABLE {KEYSPACE}.users WITH gc_grace_seconds = {GC_GRACE_S}"
        f" AND compaction = {COMPACTION}",
        *(
            f"ALTER TABLE {KEYSPACE}.users ADD IF NOT EXISTS {column.name} {TYPES[column.kind]}"
            for column in COLUMNS
            if column.nullable
        ),
        *(
            f"CREATE INDEX IF NOT EXISTS users_{name} ON {KEYSPACE}.users ({name}) USING 'sai'"
            for name in INDEXED
        ),
        batches.CREATE,
    ]


# Every column, in order. Timestamps as milliseconds: Python's datetime cannot hold all of them.
READ = ", ".join(
    f"to_unix_timestamp({name}) AS {name}" if kind == "timestamp" else name
    for name, kind in columns().items()
)

# Queries of users and operators, as statements to prepare.
QUERIES: dict[str, str] = {
    "by_id": f"SELECT {READ} FROM {KEYSPACE}.users WHERE id = ?",
    "by_email": f"SELECT {READ} FROM {KEYSPACE}.users WHERE email = ?",
    "everybody": f"SELECT {READ} FROM {KEYSPACE}.users",
    "of_country": f"SELECT id, registered_at FROM {KEYSPACE}.users WHERE country = ?"
    " AND registered_at >= ? AND registered_at < ?",
    "count_of_country": f"SELECT count(*) AS people FROM {KEYSPACE}.users WHERE country = ?",
    "countries": f"SELECT country FROM {KEYSPACE}.users",
    "newest_batches": batches.NEWEST,
}


if __name__ == "__main__":
    print(";\n\n".join(statements()) + ";")
