"""The replication slot: who reads it, and what it retains."""

from __future__ import annotations

import pytest

from contract.health.details.slot import SlotDetails
from contract.health.state import ProbeState
from control_center.health.probes.slot import details_of_row, evaluate, unpublished, with_slots
from tests.control_center.health.tables import TABLES

READ = SlotDetails(
    exists=True,
    active=True,
    wal_status="reserved",
    restart_lsn="0/10",
    confirmed_flush_lsn="0/20",
    retained_wal_bytes=3 << 20,
    unconfirmed_bytes=0,
    safe_wal_bytes=1,
    changes={"users": 7},
)
ROW = (True, "reserved", "0/10", "0/20", 1, 3 << 20, 0)


def test_a_row_of_postgresql() -> None:
    assert details_of_row(ROW, {"users": 7}) == READ


def test_a_slot_with_a_reader() -> None:
    result = evaluate(READ)
    assert (result.state, result.summary) == (
        ProbeState.OK,
        "has a reader, 3.0 MiB of WAL retained",
    )


@pytest.mark.parametrize("retained", [0, 5 << 20])
def test_a_slot_without_a_reader_fails(retained: int) -> None:
    row = (False, "reserved", "0/10", "0/20", 1, retained, 0)
    result = evaluate(details_of_row(row, {}))
    assert (result.state, result.component) == (ProbeState.FAIL, "connect")
    assert result.details == details_of_row(row, {})


def test_a_slot_that_does_not_exist() -> None:
    result = evaluate(details_of_row(None, {}))
    assert result.state is ProbeState.FAIL
    assert "does not exist" in result.summary


def test_a_slot_that_lost_wal_fails_even_with_a_reader() -> None:
    result = evaluate(details_of_row((True, "lost", None, None, None, None, None), {}))
    assert result.state is ProbeState.FAIL
    assert "lost WAL" in result.summary


def test_a_slot_whose_reader_falls_behind_is_a_warning() -> None:
    row = (True, "extended", "0/1", "0/2", 1, 9, 0)
    assert evaluate(details_of_row(row, {})).state is ProbeState.WARN


def test_a_table_that_is_not_published_fails_though_the_slot_is_read() -> None:
    result = evaluate(details_of_row(ROW, {}, ["orders", "users"]), TABLES)
    assert (result.state, result.component) == (ProbeState.FAIL, "postgres")
    assert "leaves public.orders out, so changes of orders are lost" in result.summary
    assert (
        'ADD TABLE "public"."orders", then make repair TABLE=orders; also users' in result.summary
    )


def test_a_table_must_be_published_once_its_definition_was_applied() -> None:
    applied = {"orders", "users", "removed"}
    assert unpublished(TABLES, {("public", "users"), ("x", "orders")}, applied) == ["orders"]
    assert unpublished(TABLES, {("public", "users"), ("public", "orders")}, applied) == []
    assert unpublished(TABLES, set(), {"users"}) == ["users"], "orders comes in a moment"


def test_the_slot_of_another_database_is_named() -> None:
    unread = details_of_row((False, "reserved", "0/1", "0/2", 1, 5 << 20, 0), {"lines": 1})
    result = with_slots(evaluate(READ), READ, {"riada_shop": ("shop", unread)})
    assert (result.state, result.component) == (ProbeState.FAIL, "connect")
    assert result.summary == "shop: the slot riada_shop has no reader: 5.0 MiB of WAL waits"
    assert isinstance(result.details, SlotDetails)
    assert result.details.every == {"": result.details, "shop": unread}
    assert result.details.all_changes == {"users": 7, "lines": 1}


def test_a_slot_of_another_database_that_is_read_changes_nothing() -> None:
    result = with_slots(evaluate(READ), READ, {"riada_shop": ("shop", READ)})
    assert (result.state, result.summary) == (ProbeState.OK, evaluate(READ).summary)
