"""The plan for tables that are deployed already: what changes, remains, or is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.jobs.plan import Action, Plan, TablePlan
from control_center.tables.catalog import CatalogColumn
from control_center.tables.plan import plan
from tests.control_center.tables.memory import (
    NOTE,
    ORDERS,
    RELATION,
    SOURCE,
    MemoryCatalog,
    MemoryKeyspace,
    orders,
    planned,
    stored,
    with_column,
)

# --- alter ----------------------------------------------------------------------------------------


def test_the_same_file_changes_nothing() -> None:
    assert planned(old=ORDERS) == TablePlan(Action.UNCHANGED)


def test_a_nullable_column_appears() -> None:
    new = f'{ORDERS}price = "numeric(10,2) null"\n'
    table = planned(new, ORDERS)
    assert table.action is Action.ALTER
    text = "\n".join(table.lines)
    assert "PostgreSQL: adds column price numeric(10,2)" in text
    assert 'Cassandra: adds "price" decimal to people."orders"' in text
    assert "incremental snapshot" in text
    present = with_column(CatalogColumn("price", "numeric(10,2)", nullable=True))
    assert "PostgreSQL: adds" not in "\n".join(planned(new, ORDERS, present).lines)


@pytest.mark.parametrize(
    ("new", "line"),
    [
        (ORDERS.replace('"int8"', '"int8 personal"'), "masked columns: id"),
        (f'indexes = ["note"]\n{ORDERS}', "Cassandra: makes index orders_note on note"),
        (ORDERS + SOURCE, "source: a DAG fills the table"),
        (f'{ORDERS}[queries]\nall = "SELECT"\n', "queries: all"),
        (f'not_delivered = ["x"]\n{ORDERS}', "not delivered: x"),
    ],
)
def test_a_change_that_needs_nothing_else(new: str, line: str) -> None:
    assert planned(new, ORDERS) == TablePlan(Action.ALTER, (line,))


def test_an_index_that_is_removed_remains() -> None:
    table = planned(ORDERS, f'indexes = ["note"]\n{ORDERS}')
    assert "DROP INDEX people.orders_note" in table.lines[0]


def test_a_longer_text() -> None:
    new = ORDERS.replace("varchar(20)", "varchar(40)")
    column = CatalogColumn("note", "character varying(40)", nullable=True)
    table = planned(new, ORDERS, with_column(column, without="note"))
    assert table == TablePlan(Action.ALTER, ("column note: varchar(20) becomes varchar(40)",))


@pytest.mark.parametrize(
    ("new", "cause", "remedy"),
    [
        (ORDERS.replace('["id"]', '["at"]'), "its key changes from id to at", "REMOVE=orders"),
        (f'relation = "others"\n{ORDERS}', "changes from public.orders", "REMOVE=orders"),
        (ORDERS.replace('"timestamptz(3)"', '"text"'), "timestamptz(3) to text", "another name"),
        (ORDERS.replace("varchar(20)", "varchar(10)"), "varchar(20) to varchar(10)", "Keep"),
        (ORDERS.replace(" null", ""), "columns.note was nullable", "Keep"),
        (f'{ORDERS}price = "int4"\n', "columns.price is new and cannot be null", "int4 null"),
        (ORDERS.replace(NOTE, ""), "column note is removed", "REMOVE=orders.note"),
    ],
)
def test_a_change_that_the_stores_cannot_follow(new: str, cause: str, remedy: str) -> None:
    table = planned(new, ORDERS)
    assert table.action is Action.REFUSE
    assert cause in table.cause
    assert remedy in table.remedy


def test_a_column_that_somebody_added_later_does_not_stop_a_deploy() -> None:
    relation = with_column(CatalogColumn("price", "numeric(10,2)", nullable=True))
    table = planned(old=ORDERS, relation=relation)
    assert table.action is Action.UNCHANGED
    [line] = table.lines
    assert "column price (numeric(10,2)), which the file does not name" in line


def test_the_key_has_the_order_of_the_primary_key() -> None:
    text = ORDERS.replace('key = ["id"]', 'key = ["at"]\nclustering = ["id"]')
    assert planned(text, relation=replace(RELATION, key=("at", "id"))).action is Action.ADD
    table = planned(text, relation=replace(RELATION, key=("id", "at")))
    assert "the primary key is id, at" in table.cause


# --- remove ---------------------------------------------------------------------------------------


def test_a_column_is_removed_with_the_flag() -> None:
    new = f'not_delivered = ["note"]\n{ORDERS.replace(NOTE, "")}'
    table = planned(new, ORDERS, remove=["orders.note"])
    assert table.action is Action.ALTER
    [line] = table.lines
    assert "PostgreSQL keeps it" in line
    assert 'ALTER TABLE people."orders" DROP "note"' in line


def test_a_column_that_postgresql_keeps_must_be_named() -> None:
    table = planned(ORDERS.replace(NOTE, ""), ORDERS, remove=["orders.note"])
    assert "PostgreSQL has column note" in table.cause


def test_a_table_without_its_file_needs_the_flag() -> None:
    table = planned(None, ORDERS)
    assert "tables/orders.toml is missing" in table.cause
    assert "make deploy-dags REMOVE=orders" in table.remedy


def test_a_removed_table_leaves_its_rows() -> None:
    table = planned(None, ORDERS + SOURCE, remove=["orders"])
    assert table.action is Action.REMOVE
    text = "\n".join(table.lines)
    for expected in (
        "its DAG is removed",
        'DROP TABLE "public"."orders"',
        "riada.public.orders and riada.public.orders.dead-letter",
        'DROP TABLE people."orders"',
    ):
        assert expected in text


@pytest.mark.parametrize(
    ("remove", "remedy"), [("others", "Correct REMOVE"), ("orders", "Delete tables/orders.toml")]
)
def test_a_flag_that_names_nothing_to_remove(remove: str, remedy: str) -> None:
    result: Plan = plan(
        {"orders.toml": ORDERS},
        [remove],
        {"orders": orders()},
        MemoryCatalog([RELATION]),
        MemoryKeyspace({"orders": stored(orders())}),
    )
    assert not result.ok
    assert remedy in result.tables[remove].remedy


def test_a_stored_table_that_does_not_fit_is_refused() -> None:
    other = orders(ORDERS.replace('["id"]', '["at"]').replace('"int8"', '"text"'))
    result = plan(
        {"orders.toml": ORDERS},
        (),
        {},
        MemoryCatalog([RELATION]),
        MemoryKeyspace({"orders": stored(other)}),
    )
    table = result.tables["orders"]
    assert "another key: ((at))" in table.cause
    assert "id text instead of bigint" in table.cause
    assert 'DROP TABLE people."orders"' in table.remedy
