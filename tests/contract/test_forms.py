"""users has in every store the types of tests/contract/forms.py."""

from __future__ import annotations

from pathlib import Path

from contract.stores.cassandra import table as cassandra
from contract.stores.postgres import table as postgres
from contract.table import folder
from contract.table.kinds.parse import parse
from tests.contract.forms import FORMS

USERS = folder.load(Path(__file__).parents[2] / "tables").tables["users"]


def test_every_column_has_its_form() -> None:
    assert [
        (column.name, column.kind, column.kind.avro, column.kind.cassandra, column.nullable)
        for column in USERS.columns
    ] == [
        (form.name, parse(form.postgres), form.avro, form.cassandra, form.nullable)
        for form in FORMS
    ]


def test_postgres() -> None:
    assert postgres.create(USERS).startswith(
        'CREATE TABLE IF NOT EXISTS "public"."users" (\n    "id" uuid NOT NULL,\n'
    )
    for form in FORMS[1:]:
        null = "" if form.nullable else " NOT NULL"
        kind = parse(form.postgres).postgres
        assert f'    "{form.name}" {kind}{null},\n' in postgres.create(USERS)


def test_cassandra() -> None:
    columns = cassandra.columns(USERS)
    assert [*columns][: len(FORMS)] == [form.name for form in FORMS]
    assert 'PRIMARY KEY (("id"))' in cassandra.statements(USERS)[0]
    assert [*columns][len(FORMS) :] == [
        "source_lsn", "committed_at", "topic_partition", "topic_offset",
    ]  # fmt: skip


def test_personal_columns() -> None:
    assert {"email", "first_name", "phone", "latitude", "id_value"} <= USERS.personal
    assert USERS.personal.isdisjoint({"id", "country", "registered_at", "nat"})


def test_indexes_and_source() -> None:
    assert USERS.indexes == ("email", "country", "registered_at")
    assert USERS.source
    assert [column.name for column in USERS.key] == ["id"]
