"""The file of a table that PostgreSQL has: what it delivers, what it does not, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.errors import InvalidInputError, NotFoundError
from contract.jobs.describe import DescribeResult
from contract.table import file
from contract.table.table import Table
from control_center.tables.catalog import CatalogColumn, Relation
from control_center.tables.from_postgres import describe
from control_center.tables.plan import plan
from tests.control_center.tables.memory import RELATION, MemoryCatalog, MemoryKeyspace

WIDE = Relation(
    "public",
    "orders",
    (
        CatalogColumn("shop", "uuid"),
        CatalogColumn("line", "integer", identity=True),
        CatalogColumn("price", "xml"),
        CatalogColumn("customer_email", "text", nullable=True),
        CatalogColumn("tags", "text[]", nullable=True),
        CatalogColumn("paid_at", "timestamp with time zone", nullable=True),
        CatalogColumn("mood", "enum(public.mood)"),
        CatalogColumn("total", "integer", generated=True),
        CatalogColumn("größe", "smallint", nullable=True),
    ),
    key=("shop", "line"),
    indexed=("mood", "price"),
)


def described(
    relation: Relation = RELATION, name: str = "public.orders"
) -> tuple[DescribeResult, Table]:
    """The result, and the table that its file describes."""
    result = describe(name, MemoryCatalog([relation]))
    return result, file.read(result.file.removesuffix(".toml"), result.text)


def test_the_file_describes_the_table() -> None:
    result, table = described()
    assert (result.file, result.refused) == ("orders.toml", ())
    assert [(column.name, column.kind.spec, column.nullable) for column in table.columns] == [
        ("id", "int8", False),
        ("note", "varchar(20)", True),
        ("at", "timestamptz(3)", False),
    ]
    assert (table.partition, table.clustering) == (("id",), ())


@pytest.mark.parametrize("relation", [RELATION, WIDE])
def test_its_plan_is_accepted(relation: Relation) -> None:
    """A file that nobody edited can be deployed."""
    result, _ = described(relation)
    accepted = plan({result.file: result.text}, (), {}, MemoryCatalog([relation]), MemoryKeyspace())
    assert accepted.ok, accepted


def test_key_identity_and_masks() -> None:
    result, table = described(WIDE)
    assert (table.partition, table.clustering) == (("shop",), ("line",))
    assert table.column("line").generated
    assert table.personal == {"customer_email"}
    notes = "\n".join(result.notes)
    assert "rows with the same shop share a partition" in notes
    assert "masked on pages, as their names suggest: customer_email" in notes
    assert "PostgreSQL has indexes on mood" in notes


def test_columns_that_cannot_be_carried_have_reason_and_options() -> None:
    result, table = described(WIDE)
    refused = {item.column: item.reason for item in result.refused}
    assert refused.keys() == {"price", "paid_at", "total"}
    assert "timestamptz as bigint" in refused["paid_at"]
    assert "computes it from other columns" in refused["total"]
    assert table.not_delivered == {"price", "paid_at", "total"}


def test_columns_whose_names_a_stage_cannot_carry_are_not_delivered() -> None:
    columns = [CatalogColumn(name, "integer", True) for name in ('we"ird', "__op", "a-b", "a b")]
    result, table = described(replace(RELATION, columns=(*RELATION.columns, *columns)))
    refused = {item.column: item.reason for item in result.refused}
    assert refused.keys() == {'we"ird', "__op", "a b"}
    assert "has the same name in events as a-b" in refused["a b"]
    assert table.not_delivered == refused.keys()


def test_a_key_with_microseconds_is_carried_exactly() -> None:
    at = CatalogColumn("at", "timestamp with time zone")
    result, table = described(
        replace(RELATION, columns=(RELATION.columns[0], at), key=("id", "at"))
    )
    assert table.column("at").kind.spec == "timestamptz as bigint"
    assert any("at is part of the key" in note for note in result.notes)


@pytest.mark.parametrize(
    ("schema", "name", "given", "expected"),
    [
        ("public", "orders", "orders", "orders"),
        ("sales", "orders", "sales.orders", "sales_orders"),
        ("public", "Größe 1", 'public."Größe 1"', "gr_e_1"),
        ("public", "1st", "1st", "table_1st"),
        ("public", "order", "order", "order"),
    ],
)
def test_every_name_has_a_file(schema: str, name: str, given: str, expected: str) -> None:
    _, table = described(replace(RELATION, schema=schema, name=name), given)
    assert (table.name, table.schema, table.relation) == (expected, schema, name)


@pytest.mark.parametrize(
    ("relation", "cause", "remedy"),
    [
        (replace(RELATION, name="a.b"), "Debezium cannot select", "another table"),
        (replace(RELATION, key=()), "no primary key", 'ADD PRIMARY KEY ("id")'),
        (replace(RELATION, kind="v"), "is a view", "ordinary table"),
        (replace(RELATION, logged=False), "unlogged", "SET LOGGED"),
        (
            replace(RELATION, columns=(CatalogColumn("id", "jsonb"),)),
            "jsonb cannot be in a key",
            "primary key",
        ),
        (
            replace(RELATION, columns=(CatalogColumn("id", "xml"),)),
            "id is part of the primary key: xml",
            "another key",
        ),
    ],
)
def test_a_table_that_cannot_be_delivered(relation: Relation, cause: str, remedy: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        described(relation, f'"{relation.name}"')
    assert cause in raised.value.cause
    assert remedy in raised.value.remedy


def test_a_table_that_does_not_exist() -> None:
    with pytest.raises(NotFoundError, match=r"has no table public\.Orders") as raised:
        described(name="public.Orders")
    assert '"public"."orders"' in raised.value.remedy


@pytest.mark.parametrize("name", ["", "a.b.c", '"a', "."])
def test_a_name_that_is_none(name: str) -> None:
    with pytest.raises(InvalidInputError, match=r"SCHEMA\.NAME"):
        describe(name, MemoryCatalog([RELATION]))


def test_riadas_own_tables_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="schema riada"):
        described(replace(RELATION, schema="riada"), "riada.orders")
