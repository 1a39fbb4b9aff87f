"""The other PostgreSQL servers: one at fault names its tables, and the others deliver."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.health.details.databases import DatabasesDetails, DatabaseStatus
from contract.health.details.postgres import PostgresTable
from contract.health.state import ProbeState
from control_center.health.databases.facts import TableFacts
from control_center.health.diagnosis import sentence
from control_center.health.probes.databases import (
    erasures_to_do_again,
    evaluate,
    status,
    status_of,
)
from control_center.pipeline.erasures.erasures import Erasures
from control_center.pipeline.erasures.record import Erasure
from tests.control_center.health.databases.servers import SHOP, TABLES, facts
from tests.control_center.in_memory_clients import InMemoryClients

GOOD = PostgresTable(True)
FINE = DatabaseStatus("16.4", tables={"lines": GOOD, "notes": GOOD})


def evaluated(shop: DatabaseStatus) -> tuple[ProbeState, str, str]:
    result = evaluate(DatabasesDetails({"shop": shop}), ["orders", "users"])
    return result.state, result.component, result.summary


def test_no_other_database() -> None:
    result = evaluate(DatabasesDetails({}), ["users"])
    assert (result.state, result.summary) == (
        ProbeState.OK,
        "every table is in Riada's own PostgreSQL",
    )


def test_a_database_whose_tables_can_be_captured() -> None:
    assert evaluated(FINE) == (
        ProbeState.OK,
        "control-center",
        "shop (16.4): 2 tables can be captured",
    )


def test_a_server_that_is_away() -> None:
    away = replace(FINE, version="", cause="refuses connections")
    assert evaluated(away) == (
        ProbeState.FAIL,
        "shop",
        "lines is not captured, its database refuses connections; also notes; "
        "2 other tables deliver",
    )
    result = evaluate(DatabasesDetails({"shop": away}), ["orders", "users"])
    assert sentence([result]).startswith("shop: lines is not captured")


@pytest.mark.parametrize(
    ("shop", "state", "words"),
    [
        (replace(FINE, cause="has no publication riada"), ProbeState.FAIL, "has no publication"),
        (
            replace(FINE, tables={"lines": replace(GOOD, cause="may not be read"), "notes": GOOD}),
            ProbeState.FAIL,
            "lines is not captured (may not be read): make doctor prints what is missing; 3 other",
        ),
        (
            replace(FINE, tables={"lines": replace(GOOD, missing=("amount",))}),
            ProbeState.FAIL,
            "lines lacks columns of tables/shop/lines.toml: amount",
        ),
        (
            replace(FINE, tables={"lines": replace(GOOD, unknown=("vat",))}),
            ProbeState.WARN,
            "lines has columns that no release knows: vat",
        ),
        (
            replace(FINE, tables={"lines": replace(GOOD, erasures=2), "notes": GOOD}),
            ProbeState.FAIL,
            "lines may hold rows that were erased (erasures to do again: 2). Delete them in "
            "database shop, then run make erase TABLE=lines AGAIN=1; 3 other",
        ),
        (replace(FINE, warning="runs PostgreSQL 18"), ProbeState.WARN, "runs PostgreSQL 18"),
    ],
)
def test_a_fault(shop: DatabaseStatus, state: ProbeState, words: str) -> None:
    result = evaluated(shop)
    assert result[:2] == (state, "shop")
    assert words in result[2]


def test_what_is_missing_is_of_the_server_or_of_a_table() -> None:
    known = facts(
        version="18.0",
        wal_level="replica",
        tables={"lines": TableFacts("d"), "notes": facts().tables["notes"]},
    )
    shop = status_of(SHOP, TABLES, known, {"lines": GOOD, "notes": replace(GOOD, violated="x")})
    assert (shop.version, shop.cause) == ("18.0", "wal_level is replica, and capture needs logical")
    assert "newer" in shop.warning
    assert shop.tables["lines"].cause == '"sales"."lines" needs REPLICA IDENTITY FULL'
    assert shop.tables["notes"] == GOOD


def test_a_server_that_does_not_answer_has_a_status(clients: InMemoryClients) -> None:
    shop = status(clients, SHOP, TABLES, {})
    assert (shop.version, shop.cause) == ("", "no address of database shop is known")
    assert list(shop.tables) == ["lines", "notes"]


def test_an_erasure_of_another_server_that_has_not_ended_is_counted(
    clients: InMemoryClients,
) -> None:
    Erasures.of(clients).write([Erasure("a", "lines", 1), Erasure("b", "notes", 1, 2)])
    assert erasures_to_do_again(clients) == {"lines": 1}
    clients.away[""] = "refuses connections"
    assert erasures_to_do_again(clients) == {}


@pytest.fixture
def clients(tmp_path_factory: pytest.TempPathFactory) -> InMemoryClients:
    clients = InMemoryClients(tmp_path_factory.mktemp("state"))
    clients.away["shop"] = "no address of database shop is known"
    return clients
