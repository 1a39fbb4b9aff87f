"""The domain of each column as a constraint of PostgreSQL."""

from __future__ import annotations

from contract.stores.postgres.checks import checks, inside, shortened, strict
from contract.table.column import Column
from contract.table.file import read
from contract.table.kinds.float import Float8
from contract.table.kinds.integer import Int4
from contract.table.kinds.text import Text
from contract.table.table import Table

TABLE = Table(
    "orders",
    (
        Column("id", Int4()),
        Column("note", Text()),
        Column("größe", Float8()),
        Column("code", Text(3, padded=True)),
    ),
    ("id",),
)
CONDITIONS = {
    "orders_text_is_not__debezium_unavailable_value": (
        '\'__debezium_unavailable_value\' NOT IN ("note", "code")'
    ),
    "orders_größe_is_finite": 'abs("größe") <= 1.7976931348623157e+308::double precision',
}


def test_one_condition_checks_all_texts() -> None:
    assert checks(TABLE) == CONDITIONS


def test_a_row_is_inside_when_no_condition_is_false() -> None:
    conditions = (f"({condition}) IS NOT FALSE" for condition in CONDITIONS.values())
    assert inside(TABLE) == " AND ".join(conditions)
    assert inside(Table("t", (Column("id", Int4()),), ("id",))) == "true"


def test_rows_that_debezium_cannot_read_are_refused_at_once() -> None:
    file = 'key = ["id"]\n[columns]\nid = "int4"\ntags = "int4[] null"\nf = "float8 null"\n'
    assert strict(read("orders", file)) == ["orders_tags_has_one_dimension"]


def test_names_that_are_too_long_for_postgresql_stay_different() -> None:
    long = "ö" * 40
    first, second = shortened(f"{long}_a"), shortened(f"{long}_b")
    assert first != second and first.startswith("ö" * 27 + "_")
    assert len(first.encode()) == len(second.encode()) == 63
    assert shortened("a" * 63) == "a" * 63
