"""Plans of tables of another PostgreSQL: its server is asked, and nothing is created there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from contract.errors import InvalidInputError, UnreachableError
from contract.jobs.plan import Action, Plan, TablePlan
from contract.table import folder
from contract.table.table import Table
from control_center.health.databases.facts import ServerFacts, TableFacts
from control_center.tables.catalog import CatalogColumn, Relation
from control_center.tables.from_postgres import describe
from control_center.tables.other_database import OtherDatabase
from control_center.tables.plan import plan
from control_center.tables.service import described_database
from tests.control_center.health.databases.servers import facts as server_facts
from tests.control_center.tables.memory import (
    ORDERS,
    RELATION,
    MemoryCatalog,
    MemoryKeyspace,
    stored,
    with_column,
)

FILES = {"shop/database.toml": "tls = false\n", "shop/orders.toml": ORDERS}
DEFINITIONS = folder.read(FILES)
SHOP, TABLE = DEFINITIONS.databases["shop"], DEFINITIONS.tables["orders"]
READY = server_facts(tables={"orders": TableFacts("f")})


def planned(
    known: ServerFacts | None = READY,
    relation: Relation | None = RELATION,
    old: Table | None = None,
    unchanged: bool = True,
    files: Mapping[str, str] = FILES,
    remove: Sequence[str] = (),
) -> TablePlan:
    """The plan of orders of shop. `known`: None while its server is away."""

    def facts(_: Mapping[str, Table]) -> ServerFacts:
        if known is None:
            raise UnreachableError("shop", "refuses connections")
        return known

    catalog = MemoryCatalog([relation] if relation else [])
    deployed = {"orders": old} if old else {}
    result: Plan = plan(
        files,
        remove,
        deployed,
        MemoryCatalog(),
        MemoryKeyspace({name: stored(table) for name, table in deployed.items()}),
        {"shop": OtherDatabase(SHOP, catalog, facts, unchanged)},
    )
    return result.tables["orders"]


def test_a_table_that_can_be_captured() -> None:
    table = planned()
    assert table.action is Action.ADD
    assert table.lines[0] == 'shop: "public"."orders" has about 1,200 rows'
    assert table.lines[-1] == "Kafka: topic riada.shop.public.orders"
    assert not [line for line in table.lines if line.startswith("PostgreSQL")]


@pytest.mark.parametrize(
    ("relation", "cause", "remedy"),
    [
        (None, 'shop has no table "public"."orders"', 'CREATE TABLE IF NOT EXISTS "public"."or'),
        (
            with_column(without="note"),
            "columns.note: shop has no such column",
            'Run there: ALTER TABLE "public"."orders" ADD COLUMN "note" varchar(20);',
        ),
        (
            with_column(CatalogColumn("more", "integer")),
            "shop has column more (integer), which the file does not name",
            "not_delivered",
        ),
        (replace(RELATION, key=()), "has no primary key", "ADD PRIMARY KEY"),
    ],
)
def test_nothing_is_created_there(relation: Relation | None, cause: str, remedy: str) -> None:
    table = planned(relation=relation)
    assert table.action is Action.REFUSE
    assert cause in table.cause
    assert remedy in table.remedy


def test_riada_does_not_guard_the_ddl_of_another_database() -> None:
    at = CatalogColumn("at", "timestamp(3) without time zone")
    table = planned(relation=with_column(at, without="at"))
    assert "ALTER TABLE" in table.remedy
    assert "riada.ddl" not in table.remedy


def test_statements_that_are_missing_are_printed() -> None:
    table = planned(replace(READY, tables={"orders": TableFacts("f", published=False)}))
    assert table.action is Action.REFUSE
    assert table.cause == 'shop: its publication riada leaves "public"."orders" out'
    assert "Run in shop: DO" in table.remedy
    assert 'ALTER PUBLICATION riada ADD TABLE "public"."orders"' in table.remedy


def test_a_server_that_is_away_refuses_a_new_table() -> None:
    table = planned(None)
    assert (table.action, table.cause) == (Action.REFUSE, "shop: refuses connections")


def test_a_server_that_is_away_does_not_stop_the_deploy_of_other_tables() -> None:
    table = planned(None, old=TABLE)
    assert table.action is Action.UNCHANGED
    assert table.lines == ("shop: refuses connections; it was not checked",)
    assert planned(None, old=TABLE, unchanged=False).action is Action.REFUSE


def test_what_a_deployed_table_lacks_is_a_warning() -> None:
    table = planned(replace(READY, wal_level="replica"), old=TABLE)
    assert table.action is Action.UNCHANGED
    assert "wal_level is replica" in table.lines[0]


@pytest.mark.parametrize("old", [replace(TABLE, database=""), replace(TABLE, database="crm")])
def test_a_deployed_table_does_not_move(old: Table) -> None:
    table = planned(old=old)
    assert table.action is Action.REFUSE
    assert "to public.orders of database shop" in table.cause
    assert "REMOVE=orders" in table.remedy


def test_a_database_that_is_not_described() -> None:
    result = plan(
        {"shop/orders.toml": ORDERS, "shop/database.toml": "ca = 1"},
        (),
        {},
        MemoryCatalog(),
        MemoryKeyspace(),
    )
    assert not result.ok
    assert result.tables["orders"].remedy == "Correct tables/shop/database.toml."
    assert result.tables["shop/database"].action is Action.REFUSE


def test_the_removal_names_what_remains_there() -> None:
    alone = {"shop/database.toml": FILES["shop/database.toml"]}
    line = planned(old=TABLE, files=alone, remove=["orders"]).lines[1]
    assert 'ALTER PUBLICATION riada DROP TABLE "public"."orders"' in line
    line = planned(old=TABLE, files={}, remove=["orders"]).lines[1]
    assert "DROP PUBLICATION riada and DROP SCHEMA riada CASCADE" in line
    assert 'DROP TABLE "public"' not in line


# --- make table -----------------------------------------------------------------------------------


def test_the_file_of_a_table_of_another_database() -> None:
    catalog = MemoryCatalog([RELATION])
    assert describe("public.orders", catalog, "shop").file == "shop/orders.toml"
    result = describe("public.orders", catalog, "shop", taken=["orders"])
    assert result.file == "shop/shop_orders.toml"
    alone = {"shop/database.toml": "tls = false", result.file: result.text}
    table = folder.read(alone).tables["shop_orders"]
    assert (table.relation, table.database) == ("orders", "shop")


def test_the_database_of_make_table() -> None:
    assert described_database("shop", FILES, {}) == SHOP
    assert described_database("shop", {}, {"shop": SHOP}) == SHOP
    with pytest.raises(InvalidInputError, match=r"database\.toml: ca is missing"):
        described_database("shop", {"shop/database.toml": ""}, {"shop": SHOP})
    with pytest.raises(InvalidInputError, match=r"tables/crm/database\.toml is missing"):
        described_database("crm", FILES, {"shop": SHOP})
