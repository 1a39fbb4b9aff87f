"""Every form of the table holds every column, with the type that fits."""

from __future__ import annotations

import re
from typing import Any

import pytest

from contract.cassandra import cql
from contract.kafka import avro
from contract.postgres import sql
from contract.table.columns import COLUMNS, NAMES, Column


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_postgres(column: Column) -> None:
    null = "" if column.nullable else " NOT NULL"
    assert f"    {column.name} {sql.column_type(column)}{null},\n" in sql.users_table()
    added = f"ADD COLUMN IF NOT EXISTS {column.name} "
    assert (added in sql.users_table()) == column.nullable


def test_postgres_upsert_names_every_column() -> None:
    inserted = re.search(r"u \((.*)\) VALUES", sql.UPSERT)
    assert inserted
    assert tuple(inserted[1].split(", ")) == NAMES
    for name in NAMES[1:]:
        assert f"{name} = excluded.{name}" in sql.UPSERT


def test_postgres_statements_may_run_again() -> None:
    for line in sql.ddl().splitlines():
        if line.startswith("CREATE TABLE"):
            assert "IF NOT EXISTS" in line
        if line.startswith("CREATE FUNCTION"):
            pytest.fail(f"{line}: must be CREATE OR REPLACE")


def test_cassandra() -> None:
    kinds = {column.name: cql.TYPES[column.kind] for column in COLUMNS}
    assert cql.columns() == kinds | cql.ORIGIN
    table = next(s for s in cql.statements() if "people.users (\n" in s)
    for name, kind in cql.columns().items():
        assert f"    {name} {kind},\n" in table


def test_cassandra_statements_may_run_again() -> None:
    for statement in cql.statements(3):
        changes = re.match(r"ALTER (KEYSPACE|TABLE) \S+ WITH ", statement)
        assert changes or "IF NOT EXISTS" in statement
    assert "'dc1': 3" in cql.statements(3)[0]


def test_a_replay_cannot_bring_an_erased_person_back() -> None:
    """Invariant 7; infra holds the topic's retention against the same bound."""
    topic_retention_s = 7 * 24 * 3600
    assert topic_retention_s < cql.GC_GRACE_S


def schema() -> dict[str, Any]:
    fields = [
        {
            "name": column.name,
            "type": ["null", avro.TYPES[column.kind]]
            if column.nullable
            else {"type": avro.TYPES[column.kind], "connect.name": "x"},
        }
        for column in COLUMNS
    ]
    return {"type": "record", "name": "Value", "fields": [*fields, {"name": "__op", "type": "int"}]}


def test_avro_schema_that_fits() -> None:
    assert avro.mismatches(schema()) == []


@pytest.mark.parametrize(
    ("name", "avro_type", "mismatch"),
    [
        ("email", None, "email: not in the schema"),
        ("street_number", "string", "street_number: is ['string'], must be ['int']"),
        ("id_value", "string", "id_value: is ['string'], must be ['null', 'string']"),
        ("email", ["null", "string"], "email: is ['null', 'string'], must be ['string']"),
    ],
)
def test_avro_schema_that_differs(name: str, avro_type: Any, mismatch: str) -> None:
    changed = schema()
    field = next(field for field in changed["fields"] if field["name"] == name)
    if avro_type is None:
        changed["fields"].remove(field)
    field["type"] = avro_type
    assert avro.mismatches(changed) == [mismatch]
