"""Every form of the table holds every column, with the type that tests/contract/forms.py names."""

from __future__ import annotations

import re

import pytest

from contract.kafka import avro
from contract.stores.cassandra import cql
from contract.stores.postgres import sql
from contract.table.columns import COLUMNS
from tests.contract.forms import FORMS, Form

NAMES = [form.name for form in FORMS]


def test_every_column_has_its_form() -> None:
    assert [column.name for column in COLUMNS] == NAMES
    assert [column.nullable for column in COLUMNS] == [form.nullable for form in FORMS]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_postgres(form: Form) -> None:
    null = "" if form.nullable else " NOT NULL"
    created, altered = sql.users_table().split(");\n", 1)
    assert f"    {form.name} {form.postgres}{null},\n" in created
    added = f"ADD COLUMN IF NOT EXISTS {form.name} {form.postgres}"
    assert (re.search(f"{re.escape(added)}[,;]", altered) is not None) == form.nullable


def test_postgres_table_has_no_other_column() -> None:
    created = sql.users_table().split(");\n", 1)[0]
    assert re.findall(r"^    ([a-z_]+) ", created, re.MULTILINE) == NAMES


def test_postgres_upsert_names_every_column() -> None:
    inserted = re.search(r"u \((.*)\) VALUES", sql.UPSERT)
    assert inserted
    assert inserted[1].split(", ") == NAMES
    updated = sql.UPSERT.split("DO UPDATE SET ")[1].split("\n")[0]
    assert updated == ", ".join(f"{name} = excluded.{name}" for name in NAMES[1:])


def test_postgres_reads_timestamps_as_text() -> None:
    assert sql.READ.split(", ") == [
        f"{form.name}::text" if form.postgres == "timestamptz(3)" else form.name for form in FORMS
    ]


def test_postgres_statements_may_run_again() -> None:
    for line in sql.ddl().splitlines():
        if line.startswith("CREATE TABLE"):
            assert "IF NOT EXISTS" in line
        if line.startswith("CREATE FUNCTION"):
            pytest.fail(f"{line}: must be CREATE OR REPLACE")


def test_avro() -> None:
    assert {column.name: avro.TYPES[column.kind] for column in COLUMNS} == {
        form.name: form.avro for form in FORMS
    }


ORIGIN = {
    "source_lsn": "bigint",
    "committed_at": "timestamp",
    "topic_partition": "int",
    "topic_offset": "bigint",
}


def test_cassandra() -> None:
    expected = {form.name: form.cassandra for form in FORMS} | ORIGIN
    assert list(cql.columns().items()) == list(expected.items())
    (table,) = (s for s in cql.statements() if s.startswith("CREATE TABLE") and ".users (" in s)
    assert re.findall(r"^    (\w+) (\w+),$", table, re.MULTILINE) == list(expected.items())
    assert "    PRIMARY KEY (id)\n" in table


def test_cassandra_adds_the_columns_that_may_be_added_later() -> None:
    added = [
        re.findall(r"ADD IF NOT EXISTS (\w+) (\w+)$", statement) for statement in cql.statements()
    ]
    assert [column for columns in added for column in columns] == [
        (form.name, form.cassandra) for form in FORMS if form.nullable
    ]


def test_cassandra_reads_timestamps_as_milliseconds() -> None:
    timestamps = [form.name for form in FORMS if form.cassandra == "timestamp"] + ["committed_at"]
    for name in cql.columns():
        read = f"to_unix_timestamp({name}) AS {name}" if name in timestamps else name
        assert read in cql.READ.split(", ")


def test_cassandra_statements_may_run_again() -> None:
    for statement in cql.statements(3):
        changes = re.match(r"ALTER (KEYSPACE|TABLE) \S+ WITH ", statement)
        assert changes or "IF NOT EXISTS" in statement
    for statement in cql.statements(3)[:2]:
        assert "{'class': 'NetworkTopologyStrategy', 'dc1': 3}" in statement


def test_one_cassandra_holds_one_copy() -> None:
    assert "{'class': 'NetworkTopologyStrategy', 'dc1': 1}" in cql.statements()[0]
