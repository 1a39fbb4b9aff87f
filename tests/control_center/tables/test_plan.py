"""The plan of a release: what it changes, and what it refuses with which cause and remedy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.jobs.plan import Action, TablePlan
from contract.table import folder
from control_center.tables.catalog import CatalogColumn, Relation
from control_center.tables.plan import plan
from tests.control_center.tables.memory import (
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


def test_the_replica_identity_becomes_the_primary_key() -> None:
    table = planned(relation=replace(RELATION, key_identity=False))
    assert (table.action, "replica identity" in table.lines[1]) == (Action.ADD, True)


def test_a_nullable_column_is_added_in_postgresql() -> None:
    table = planned(relation=with_column(without="note"))
    assert (table.action, table.lines[1]) == (
        Action.ADD,
        "PostgreSQL: adds column note varchar(20)",
    )


def test_a_table_that_cassandra_has_from_before_is_used_again() -> None:
    table = orders()
    result = plan(
        {"orders.toml": ORDERS},
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
        (replace(RELATION, kind="i"), "with a parent or a child", "ordinary table"),
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
        {"broken.toml": "key = 1", "orders.toml": ORDERS},
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
    result = plan({"orders.toml": ORDERS, "again.toml": other}, (), {}, MemoryCatalog([RELATION]),
                  MemoryKeyspace())  # fmt: skip
    assert not result.ok
    cause = "tables/orders.toml: shares the topic riada.public.orders with tables/again.toml"
    assert result.tables["orders"].cause == cause


def test_the_names_of_riadas_own_tables_are_refused() -> None:
    own = plan({"batches.toml": ORDERS}, (), {}, MemoryCatalog(), MemoryKeyspace())
    assert "Riada" in own.tables["batches"].cause
    assert "riada" in planned(f'schema = "riada"\n{ORDERS}', relation=None).cause


# --- indexes --------------------------------------------------------------------------------------


def indexed(column: str) -> str:
    return f'key = ["id"]\nindexes = ["{column}"]\n[columns]\nid = "int8"\n{column} = "int4"\n'


def test_two_indexes_of_one_name() -> None:
    """Cassandra would not make the second one, and say nothing."""
    files = {"a.toml": indexed("b_c"), "a_b.toml": indexed("c")}
    deployed = folder.read({"a_b.toml": files["a_b.toml"]}).tables
    new = plan(files, (), {}, MemoryCatalog(), MemoryKeyspace()).tables
    assert [new["a"].action, new["a_b"].action] == [Action.ADD, Action.REFUSE]
    assert "its index on c and that of a on b_c would both be people.a_b_c" in new["a_b"].cause
    old = plan(files, (), deployed, MemoryCatalog(), MemoryKeyspace()).tables
    assert [old["a"].action, old["a_b"].action] == [Action.REFUSE, Action.ALTER]
