"""make table's text of a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.table import file, folder
from contract.table.column import Column
from contract.table.kinds.error import KindError
from contract.table.kinds.parse import parse
from contract.table.render import render
from contract.table.table import Table
from tests.contract.table.kinds.forms import FORMS, Form
from tests.contract.table.test_file import ORDERS

ROOT = Path(__file__).parents[3]

TEXT = """\
# Shop.Orders of PostgreSQL.
schema = "Shop"
relation = "Orders"
key = ["customer"]
clustering = ["placed", "number"]
indexes = ["state"]
not_delivered = ["a\\nb", "note", "price"]

# Not delivered yet. To deliver one, write it into [columns] with one of its choices, and
# remove it from not_delivered.
# a\\u000ab: point: no kind carries this type
# price: money: no kind carries this type. Choose: numeric(p, s)

[columns]
customer = "uuid"
placed = "date"
number = "int8 generated"
state = "varchar(20)"
"größe" = "numeric(10,2) null personal from size.width"

[queries]
of_state = "SELECT number FROM people.orders WHERE state = :state"
"""


def test_text() -> None:
    refused = {
        "price": KindError("money", "no kind carries this type", "numeric(p, s)"),
        "a\nb": KindError("point", "no kind carries this type"),
    }
    assert render(file.read("orders", ORDERS), refused) == TEXT


def test_the_text_is_read_back() -> None:
    table = file.read("orders", ORDERS)
    assert file.read("orders", render(table)) == table


@pytest.mark.parametrize(
    "table", folder.load(ROOT / "tables").tables.values(), ids=lambda it: it.name
)
def test_the_tables_of_this_repository_are_read_back(table: Table) -> None:
    assert table.columns
    assert file.read(table.name, render(table)) == table


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_name_of_a_column_is_read_back_or_refused(name: str) -> None:
    columns = (Column("id", parse("int4")), Column(name, parse("int4")))
    text = render(Table("a", columns, ("id",)))
    try:
        table = file.read("a", text)
    except file.TableFileError as error:
        assert "columns." in str(error)
    else:
        assert table.names == ("id", name)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.spec)
def test_every_kind_is_read_back(form: Form) -> None:
    columns = (Column("id", parse("int4")), Column("c", parse(form.spec)))
    table = Table("a", columns, ("id",))
    assert file.read("a", render(table)) == table
