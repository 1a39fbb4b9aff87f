"""PostgreSQL: settings that capture needs, and whether it has the tables of the release."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.health.details.postgres import PostgresDetails, PostgresTable
from contract.health.state import ProbeState
from contract.stores.postgres.delivery import digest
from control_center.health.probes.postgres import (
    compare,
    evaluate,
    relation_of,
)
from tests.control_center.health.tables import ORDERS, TABLES

GOOD = PostgresTable(True, rows_estimate=12_000)
SERVER = PostgresDetails("0/16B3748", "2026-11-22 12:00:00+00", 9, 100, "logical", {})
FINE = replace(SERVER, tables={"orders": replace(GOOD, rows_estimate=345), "users": GOOD})
KNOWN = PostgresTable(True, relation="public.orders")
APPLIED: dict[str, tuple[str, str | None]] = {
    name: (digest(table), None) for name, table in TABLES.items()
}


def test_the_number_of_rows() -> None:
    result = evaluate(FINE)
    assert result.state is ProbeState.OK
    assert result.summary == "holds about 12,345 rows in 2 tables"


def test_a_wal_level_that_does_not_allow_capture() -> None:
    result = evaluate(replace(FINE, wal_level="replica"))
    assert (result.state, result.component) == (ProbeState.FAIL, "postgres")


def test_no_table_is_deployed() -> None:
    result = evaluate(SERVER)
    assert (result.state, result.summary) == (
        ProbeState.WARN,
        "no table is deployed: make deploy-dags",
    )


@pytest.mark.parametrize(
    ("table", "state", "words"),
    [
        (
            replace(GOOD, applied=False, cause="the key is not the primary key"),
            ProbeState.FAIL,
            ["is refused by PostgreSQL: the key is not the primary key"],
        ),
        (
            replace(GOOD, erasures=2),
            ProbeState.FAIL,
            ["to do again: 2", "make erase TABLE=orders AGAIN=1"],
        ),
        (PostgresTable(False), ProbeState.FAIL, ["does not exist", "tables/orders.toml"]),
        (replace(GOOD, missing=("note",)), ProbeState.FAIL, ["lacks columns", "note"]),
        (
            PostgresTable(False, applied=False),
            ProbeState.WARN,
            ["is not prepared in PostgreSQL yet"],
        ),
        (
            replace(GOOD, unknown=("vat", "größe")),
            ProbeState.WARN,
            ["no release knows: vat, größe", "not_delivered", "make deploy-dags"],
        ),
        (
            replace(GOOD, violated="note longer than 9", relation="public.orders"),
            ProbeState.WARN,
            ["note longer", "make compare TABLE=orders", "riada.validate('public.orders')"],
        ),
    ],
)
def test_a_table_that_needs_attention_is_named(
    table: PostgresTable, state: ProbeState, words: list[str]
) -> None:
    result = evaluate(replace(SERVER, tables={"orders": table, "users": GOOD}))
    assert result.state is state
    assert result.summary.startswith("orders ")
    assert result.summary.endswith("; 1 other table delivers")
    for word in words:
        assert word in result.summary


def orders(columns: list[str], applied: dict[str, tuple[str, str | None]]) -> PostgresTable:
    """The state of orders when PostgreSQL has these columns."""
    relations = [("public", "orders", 7, columns, None), ("public", "other", 1, ["x"], None)]
    return compare({"orders": ORDERS}, relations, applied, {})["orders"]


def test_columns_that_no_release_knows() -> None:
    state = orders(["tenant", "number", "note", "secret", "vat"], APPLIED)
    assert state == replace(KNOWN, rows_estimate=7, unknown=("vat",)), "secret is known"


def test_columns_that_postgresql_does_not_have() -> None:
    assert orders(["tenant", "number"], APPLIED).missing == ("note",)


def test_a_definition_of_another_release_is_not_applied() -> None:
    columns = list(ORDERS.names)
    assert not orders(columns, {"orders": ("old", None)}).applied
    assert not orders(columns, {}).applied
    refused = orders(columns, {"orders": ("", "the key is not the primary key")})
    assert refused.cause == "the key is not the primary key"


def test_a_table_that_postgresql_does_not_have() -> None:
    assert compare({"orders": ORDERS}, [], APPLIED, {})["orders"] == replace(KNOWN, exists=False)


@pytest.mark.parametrize(
    ("schema", "relation", "name"),
    [("public", "users", "public.users"), ("Shop", "größe", '"Shop"."größe"')],
)
def test_the_name_of_a_relation(schema: str, relation: str, name: str) -> None:
    assert relation_of(replace(ORDERS, schema=schema, relation=relation)) == name
