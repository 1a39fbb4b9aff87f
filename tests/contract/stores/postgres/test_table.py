"""A table in PostgreSQL: its DDL, and the statements that read and write rows."""

from __future__ import annotations

from contract.stores.postgres import table as postgres
from contract.table.file import read

ORDERS = read(
    "orders",
    """\
schema = "Shop"
relation = "or\xadders%"
key = ["id"]
clustering = ["größe"]

[columns]
id = "uuid"
"größe" = "int4"
number = "int8 generated"
"100%" = "json null"
day = "date"
""",
)
NAME = '"Shop"."or\xadders%"'


def test_create() -> None:
    assert postgres.create(ORDERS) == (
        f"CREATE TABLE IF NOT EXISTS {NAME} (\n"
        '    "id" uuid NOT NULL,\n'
        '    "größe" int4 NOT NULL,\n'
        '    "number" int8 NOT NULL,\n'
        '    "100%" json,\n'
        '    "day" date NOT NULL,\n'
        '    PRIMARY KEY ("id", "größe")\n'
        ");"
    )


def test_a_column_that_is_added_later() -> None:
    assert postgres.add_column(ORDERS, ORDERS.column("100%")) == (
        f'ALTER TABLE {NAME} ADD COLUMN "100%" json;'
    )


def test_read() -> None:
    assert postgres.read(ORDERS) == '"id"::text, "größe", "number", "100%"::text, "day"::text'
    assert postgres.read_key(ORDERS) == '"id"::text, "größe"'


def test_rows_by_their_keys() -> None:
    assert postgres.by_keys(ORDERS) == (
        '("id", "größe") IN (SELECT k0::uuid, k1::int4'
        " FROM unnest(%s::text[], %s::text[]) AS k (k0, k1))"
    )


def test_upsert_writes_what_is_not_generated_and_changes_no_equal_row() -> None:
    assert [column.name for column in postgres.writable(ORDERS)] == ["id", "größe", "100%", "day"]
    escaped = NAME.replace("%", "%%")
    assert postgres.upsert(ORDERS) == (
        f'INSERT INTO {escaped} AS u ("id", "größe", "100%%", "day") VALUES %s\n'
        'ON CONFLICT ("id", "größe") DO UPDATE SET "100%%" = excluded."100%%", '
        '"day" = excluded."day"\n'
        'WHERE (u."100%%"::text, u."day")\n'
        'IS DISTINCT FROM (excluded."100%%"::text, excluded."day")'
    )


def test_upsert_of_a_table_that_is_all_key() -> None:
    table = read("a", 'key = ["id"]\n[columns]\nid = "int4"\n')
    assert postgres.upsert(table) == (
        'INSERT INTO "public"."a" AS u ("id") VALUES %s\nON CONFLICT ("id") DO NOTHING'
    )
