"""The plan of a release: what it changes, and what it refuses with which cause and remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from contract.jobs.plan import Action, Plan, TablePlan
from control_center.tables.catalog import CatalogColumn, Relation
from control_center.tables.plan import plan
from tests.control_center.tables.memory import (
    ORDERS,
    RELATION,
    MemoryCatalog,
    MemoryKeyspace,
    orders,
    stored,
)

SOURCE = '\n[source]\nurl = "http://api/orders"\n'
NOTE = 'note = "varchar(20) null"\n'


def planned(
    text: str | None = ORDERS,
    old: str | None = None,
    relation: Relation | None = RELATION,
    remove: Sequence[str] = (),
) -> TablePlan:
    """The plan of the table orders. `text`: its file, None without it. `old`: the deployed file,
    whose table Cassandra has."""
    deployed = {"orders": orders(old)} if old else {}
    result = plan(
        {"orders": text} if text else {},
        remove,
        deployed,
        MemoryCatalog([relation] if relation else []),
        MemoryKeyspace({name: stored(table) for name, table in deployed.items()}),
    )
    assert list(result.tables) == ["orders"]
    table = result.tables["orders"]
    assert result.ok == (table.action is not Action.REFUSE)
    assert bool(table.cause) == bool(table.remedy) == (table.action is Action.REFUSE)
    return table


def with_column(*columns: CatalogColumn, without: str = "") -> Relation:
    kept = tuple(column for column in RELATION.columns if column.name != without)
    return replace(RELATION, columns=(*kept, *columns))


# --- add ------------------------------------------------------------------------------------------


def test_a_new_table_with_rows() -> None:
    assert planned() == TablePlan(
        Action.ADD,
        (
            'PostgreSQL: "public"."orders" has about 1,200 rows',
            'Cassandra: creates people."orders" with primary key ((id))',
            "Kafka: topic riada.public.orders",
        ),
    )


def test_postgresql_gets_a_table_that_it_does_not_have() -> None:
    table = planned(ORDERS + SOURCE, relation=None)
    assert table.action is Action.ADD
    assert 'PostgreSQL: creates "public"."orders"; its DAG fills it' in table.lines
    assert "empty until an application writes" in planned(relation=None).lines[0]


def test_a_nullable_column_is_added_in_postgresql() -> None:
    table = planned(relation=with_column(without="note"))
    assert (table.action, table.lines[1]) == (
        Action.ADD,
        "PostgreSQL: adds column note varchar(20)",
    )


def test_a_table_that_cassandra_has_from_before_is_used_again() -> None:
    table = orders()
    result = plan(
        {"orders": ORDERS},
        (),
        {},
        MemoryCatalog([RELATION]),
        MemoryKeyspace({"orders": stored(table)}),
    )
    assert result.tables["orders"].action is Action.ADD
    assert any("make repair TABLE=orders" in line for line in result.tables["orders"].lines)


@pytest.mark.parametrize(
    ("relation", "cause", "remedy"),
    [
        (replace(RELATION, key=()), "no primary key", 'ADD PRIMARY KEY ("id")'),
        (replace(RELATION, key=("id", "at")), "the primary key is id, at", "in its order"),
        (replace(RELATION, kind="v"), "is a view", "ordinary table"),
        (replace(RELATION, kind="p"), "is a partitioned table", "ordinary table"),
        (replace(RELATION, logged=False), "unlogged", "SET LOGGED"),
        (replace(RELATION, key_identity=False), "replica identity", "REPLICA IDENTITY DEFAULT"),
        (
            with_column(CatalogColumn("id", "text"), without="id"),
            "columns.id is int8 in the file, but text in PostgreSQL",
            "Write text into the file",
        ),
        (
            with_column(CatalogColumn("at", "timestamp with time zone"), without="at"),
            "columns.at: timestamp with time zone: Cassandra's timestamp has milliseconds only",
            "not_delivered",
        ),
        (
            with_column(CatalogColumn("at", "timestamp(3) with time zone", True), without="at"),
            "columns.at may be null in PostgreSQL",
            'Write "timestamptz(3) null"',
        ),
        (with_column(without="at"), "has no such column", "Write null"),
        (with_column(CatalogColumn("price", "numeric")), "column price (numeric)", "not_delivered"),
        (
            with_column(CatalogColumn("id", "bigint", identity=True), without="id"),
            "columns.id: PostgreSQL numbers its values",
            'add the word "generated"',
        ),
        (
            with_column(CatalogColumn("note", "character varying(20)", True, True), without="note"),
            "columns.note: PostgreSQL computes it",
            "not_delivered",
        ),
    ],
)
def test_a_table_that_the_file_does_not_describe(
    relation: Relation, cause: str, remedy: str
) -> None:
    table = planned(relation=relation)
    assert table.action is Action.REFUSE
    assert cause in table.cause
    assert remedy in table.remedy


def test_every_cause_is_named_at_once() -> None:
    table = planned(relation=replace(with_column(without="at"), key=()))
    assert "primary key" in table.cause
    assert "columns.at" in table.cause


def test_computed_columns_need_not_be_named() -> None:
    assert planned(relation=with_column(CatalogColumn("sum", "bigint", True, True))).lines


def test_a_column_that_is_not_delivered_is_not_missing() -> None:
    text = f'not_delivered = ["price"]\n{ORDERS}'
    assert planned(text, relation=with_column(CatalogColumn("price", "numeric"))).lines


def test_a_table_of_another_letter_case_is_suggested() -> None:
    table = planned(relation=replace(RELATION, schema="sales", name="Orders"))
    assert table.action is Action.REFUSE
    assert 'schema = "sales" and relation = "Orders"' in table.remedy


def test_a_broken_file_does_not_hide_the_other_tables() -> None:
    broken = plan(
        {"broken": "key = 1", "orders": ORDERS},
        (),
        {},
        MemoryCatalog([RELATION]),
        MemoryKeyspace(),
    )
    assert not broken.ok
    assert broken.tables["broken"].cause.startswith("tables/broken.toml: ")
    assert broken.tables["orders"].action is Action.ADD


def test_two_files_with_the_same_table_are_refused() -> None:
    other = f'relation = "orders"\n{ORDERS}'
    result = plan({"orders": ORDERS, "again": other}, (), {}, MemoryCatalog([RELATION]),
                  MemoryKeyspace())  # fmt: skip
    assert {name: table.action for name, table in result.tables.items()} == {
        "again": Action.REFUSE,
        "orders": Action.REFUSE,
    }
    assert "shares the topic riada.public.orders with orders" in result.tables["again"].cause


def test_the_names_of_riadas_own_tables_are_refused() -> None:
    own = plan({"batches": ORDERS}, (), {}, MemoryCatalog(), MemoryKeyspace())
    assert "Riada's own" in own.tables["batches"].cause
    assert "schema riada" in planned(f'schema = "riada"\n{ORDERS}', relation=None).cause


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
    assert "make repair TABLE=orders" in text
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
        {"orders": ORDERS},
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
        {"orders": ORDERS},
        (),
        {},
        MemoryCatalog([RELATION]),
        MemoryKeyspace({"orders": stored(other)}),
    )
    table = result.tables["orders"]
    assert "another key: ((at))" in table.cause
    assert "id text instead of bigint" in table.cause
    assert 'DROP TABLE people."orders"' in table.remedy
