"""A table in Cassandra: idempotent CQL, and the statements that read and write its rows."""

from __future__ import annotations

from contract.kafka import retention
from contract.stores.cassandra.keyspace import KEYSPACE
from contract.stores.quoting import quoted
from contract.table.table import Table

GC_GRACE_S = retention.seconds(retention.TOMBSTONE)

# Size-tiered compaction would put all tables below 50 MiB into one tier and rewrite it with each
# flush.
COMPACTION = {"class": "UnifiedCompactionStrategy", "scaling_parameters": "T4"}

_OPTIONS = f"gc_grace_seconds = {GC_GRACE_S} AND compaction = {COMPACTION}"

# The id of a table and its options; to be followed by a condition.
SELECT_OPTIONS = "SELECT id, gc_grace_seconds AS gc_grace_s, compaction FROM system_schema.tables"

# The origin of a row: the commit in PostgreSQL and the event on the topic. None of them is ever
# null, so each has the version of the row as its write timestamp.
_ORIGIN = {
    "source_lsn": "bigint",
    "committed_at": "timestamp",
    "topic_partition": "int",
    "topic_offset": "bigint",
}


def qualified(table: Table) -> str:
    """people."orders"."""
    return f"{KEYSPACE}.{quoted(table.name)}"


def origin_names(table: Table) -> dict[str, str]:
    """source_lsn, committed_at, topic_partition, topic_offset → the name in this table: the same,
    unless the table has a column of that name."""
    return {name: f"riada_{name}" if name in table.names else name for name in _ORIGIN}


def columns(table: Table) -> dict[str, str]:
    """Column name → CQL type, in order: the table's columns, then the origin."""
    origin = {name: _ORIGIN[plain] for plain, name in origin_names(table).items()}
    return {column.name: column.kind.cassandra for column in table.columns} | origin


def statements(table: Table) -> list[str]:
    """The table and its indexes, one idempotent CQL statement each."""
    return [
        create(table),
        change_options(table),
        *add_columns(table).values(),
        *create_indexes(table).values(),
    ]


def drop(table: Table) -> str:
    return f"DROP TABLE IF EXISTS {qualified(table)}"


def create(table: Table) -> str:
    definitions = ",\n    ".join(f"{quoted(key)} {kind}" for key, kind in columns(table).items())
    partition = ", ".join(map(quoted, table.partition))
    primary = ", ".join([f"({partition})", *map(quoted, table.clustering)])
    return (
        f"CREATE TABLE IF NOT EXISTS {qualified(table)} (\n    {definitions},\n"
        f"    PRIMARY KEY ({primary})\n) WITH {_OPTIONS}"
    )


def change_options(table: Table) -> str:
    """For a table that an earlier release created."""
    return f"ALTER TABLE {qualified(table)} WITH {_OPTIONS}"


def add_columns(table: Table) -> dict[str, str]:
    """Name of a column that may be added later → its statement."""
    name = qualified(table)
    return {
        column.name: (
            f"ALTER TABLE {name} ADD IF NOT EXISTS {quoted(column.name)} {column.kind.cassandra}"
        )
        for column in table.values
    }


def create_indexes(table: Table) -> dict[str, str]:
    """Name of an index → its statement."""
    return {
        index_name(table, number): (
            f"CREATE INDEX IF NOT EXISTS {quoted(index_name(table, number))}"
            f" ON {qualified(table)} ({quoted(column)}) USING 'sai'"
        )
        for number, column in enumerate(table.indexes)
    }


def index_name(table: Table, number: int) -> str:
    """An index's name has letters of ASCII only: orders_state, orders_index_2."""
    column = table.indexes[number]
    plain = column.isascii() and column.replace("_", "").isalnum()
    return f"{table.name}_{column if plain else f'index_{number}'}"


def read(table: Table) -> str:
    """The columns of a SELECT: every column in order, then the origin. Each has the column's name.
    Timestamps as milliseconds: Python's datetime cannot hold all of them."""
    names = origin_names(table)
    selected = [
        *((column.name, column.kind.read_cassandra(quoted(column.name)))
          for column in table.columns),
        *(
            (name, f"to_unix_timestamp({name})" if _ORIGIN[plain] == "timestamp" else name)
            for plain, name in names.items()
        ),
    ]  # fmt: skip
    return ", ".join(
        expression if expression in (name, quoted(name)) else f"{expression} AS {quoted(name)}"
        for name, expression in selected
    )


def key_condition(table: Table) -> str:
    """ "id" = ?, with one marker for each column of the key, in its order."""
    return " AND ".join(f"{quoted(column.name)} = ?" for column in table.key)


def select_row(table: Table) -> str:
    """The statement to prepare; it takes the key's values as Kind.bind returns them."""
    return f"SELECT {read(table)} FROM {qualified(table)} WHERE {key_condition(table)}"


def select_key_by(table: Table, column: str) -> str:
    """The key of a row with a value in a column that has an index; takes the value."""
    selected = ", ".join(part.kind.read_cassandra(quoted(part.name)) for part in table.key)
    return f"SELECT {selected} FROM {qualified(table)} WHERE {quoted(column)} = ? LIMIT 1"


def select_all(table: Table) -> str:
    return f"SELECT {read(table)} FROM {qualified(table)}"


def select_keys(table: Table) -> str:
    """The keys of all rows, with the columns of the key in its order."""
    selected = ", ".join(column.kind.read_cassandra(quoted(column.name)) for column in table.key)
    return f"SELECT {selected} FROM {qualified(table)}"


def in_tokens(table: Table) -> str:
    """A condition: the token is above the first and up to the second parameter (tokens.py)."""
    token = f"token({', '.join(map(quoted, table.partition))})"
    return f"{token} > ? AND {token} <= ?"


def select_rows(table: Table) -> str:
    """Many rows of a table whose key is one column; takes the list of the keys."""
    (column,) = table.key
    return f"SELECT {read(table)} FROM {qualified(table)} WHERE {quoted(column.name)} IN ?"


def select_version(table: Table) -> str:
    """The write timestamp of a row, as `version`; takes the key's values."""
    lsn = quoted(origin_names(table)["source_lsn"])
    return (
        f"SELECT WRITETIME({lsn}) AS version FROM {qualified(table)} WHERE {key_condition(table)}"
    )


def select_versions(table: Table) -> str:
    """The key, as `key`, and the version of many rows of a table whose key is one column; takes the
    list of the keys."""
    (column,) = table.key
    lsn = quoted(origin_names(table)["source_lsn"])
    name = quoted(column.name)
    return (
        f"SELECT {column.kind.read_cassandra(name)} AS key, WRITETIME({lsn}) AS version"
        f" FROM {qualified(table)} WHERE {name} IN ?"
    )


def select_origin(table: Table) -> str:
    """The version of a row, and its message as `topic_partition` and `topic_offset`; takes the
    key's values."""
    names = origin_names(table)
    selected = [
        f"WRITETIME({quoted(names['source_lsn'])}) AS version",
        *(f"{quoted(names[plain])} AS {plain}" for plain in ("topic_partition", "topic_offset")),
    ]
    return f"SELECT {', '.join(selected)} FROM {qualified(table)} WHERE {key_condition(table)}"


def delete_row(table: Table) -> str:
    """Takes the write timestamp, then the key's values."""
    return f"DELETE FROM {qualified(table)} USING TIMESTAMP ? WHERE {key_condition(table)}"


def insert_row(table: Table) -> str:
    """Takes the values in the order of columns(), then the write timestamp."""
    names = columns(table)
    listed, markers = ", ".join(map(quoted, names)), ", ".join("?" * len(names))
    return f"INSERT INTO {qualified(table)} ({listed}) VALUES ({markers}) USING TIMESTAMP ?"
