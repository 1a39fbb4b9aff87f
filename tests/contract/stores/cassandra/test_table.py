"""A table in Cassandra: its CQL, and the statements that read and write rows."""

from __future__ import annotations

from contract.stores.cassandra import table as cassandra
from contract.table.file import read

ORDERS = read(
    "orders",
    """\
relation = "Orders of people"
key = ["customer"]
clustering = ["größe", "select"]
indexes = ["state", "größe"]

[columns]
customer = "uuid"
"größe" = "int4"
select = "date"
state = "varchar(20)"
at = "timestamptz(3) null"
tags = "text[] null"
topic_offset = "int8"
""",
)

COLUMNS = {
    "customer": "uuid",
    "größe": "int",
    "select": "date",
    "state": "text",
    "at": "timestamp",
    "tags": "text",
    "topic_offset": "bigint",
    "source_lsn": "bigint",
    "committed_at": "timestamp",
    "topic_partition": "int",
    "riada_topic_offset": "bigint",
}

OPTIONS = (
    "gc_grace_seconds = 1036800 AND compaction = "
    "{'class': 'UnifiedCompactionStrategy', 'scaling_parameters': 'T4'}"
)


def test_columns_are_those_of_the_table_then_the_origin() -> None:
    assert list(cassandra.columns(ORDERS).items()) == list(COLUMNS.items())


def test_statements_may_run_again() -> None:
    create, options, *others = cassandra.statements(ORDERS)
    lines = ",\n".join(f'    "{name}" {kind}' for name, kind in COLUMNS.items())
    assert create == (
        f'CREATE TABLE IF NOT EXISTS people."orders" (\n{lines},\n'
        '    PRIMARY KEY (("customer"), "größe", "select")\n) WITH ' + OPTIONS
    )
    assert options == f'ALTER TABLE people."orders" WITH {OPTIONS}'
    assert others == [
        'ALTER TABLE people."orders" ADD IF NOT EXISTS "state" text',
        'ALTER TABLE people."orders" ADD IF NOT EXISTS "at" timestamp',
        'ALTER TABLE people."orders" ADD IF NOT EXISTS "tags" text',
        'ALTER TABLE people."orders" ADD IF NOT EXISTS "topic_offset" bigint',
        'CREATE INDEX IF NOT EXISTS "orders_state" ON people."orders" ("state") USING \'sai\'',
        'CREATE INDEX IF NOT EXISTS "orders_index_1" ON people."orders" ("größe") USING \'sai\'',
    ]


def test_rows_are_read_with_timestamps_as_milliseconds() -> None:
    assert cassandra.read(ORDERS).split(", ") == [
        '"customer"',
        '"größe"',
        '"select"',
        '"state"',
        'to_unix_timestamp("at") AS "at"',
        '"tags"',
        '"topic_offset"',
        "source_lsn",
        'to_unix_timestamp(committed_at) AS "committed_at"',
        "topic_partition",
        "riada_topic_offset",
    ]
    assert cassandra.select_all(ORDERS).endswith(' FROM people."orders"')
    condition = '"customer" = ? AND "größe" = ? AND "select" = ?'
    assert cassandra.select_row(ORDERS).endswith(f' FROM people."orders" WHERE {condition}')
    assert cassandra.select_version(ORDERS) == (
        f'SELECT WRITETIME("source_lsn") AS version FROM people."orders" WHERE {condition}'
    )


def test_rows_are_written_and_deleted_at_their_version() -> None:
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    markers = ", ".join("?" * len(COLUMNS))
    assert cassandra.insert_row(ORDERS) == (
        f'INSERT INTO people."orders" ({names}) VALUES ({markers}) USING TIMESTAMP ?'
    )
    assert cassandra.delete_row(ORDERS) == (
        'DELETE FROM people."orders" USING TIMESTAMP ?'
        ' WHERE "customer" = ? AND "größe" = ? AND "select" = ?'
    )


def test_a_key_is_found_by_a_value_with_an_index() -> None:
    statement = cassandra.select_key_by(ORDERS, "state")
    assert statement.startswith("SELECT ")
    assert statement.endswith(' FROM people."orders" WHERE "state" = ? LIMIT 1')
    assert all(f'"{column.name}"' in statement for column in ORDERS.key)
