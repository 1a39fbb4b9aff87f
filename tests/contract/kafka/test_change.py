"""A decoded record as an event of a row."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from contract.kafka.change import Event, UndecodableError
from contract.kafka.events import COMMITTED_MS, DELETED, LSN, OPERATION, VERSION
from contract.table import file
from tests.control_center.sample_tables import ORDERS, USERS

META = {DELETED: "true", OPERATION: "d", LSN: 5, COMMITTED_MS: 7, VERSION: "11"}
RECORD: dict[str, Any] = (
    dict.fromkeys(USERS.names, "x") | {"id": "B25124B3-CD58-477D-8365-6A42F620507E"} | META
)
ORDER: dict[str, Any] = {"customer": "a,b", "number": 7, "gr__e": "XL", "note": None} | META


def test_an_event_of_a_row() -> None:
    event = Event.of(USERS, RECORD)
    assert event.key == RECORD["id"].lower()
    assert (event.deleted, event.version, event.lsn) == (True, 11, 5)
    assert (event.committed_ms, event.op) == (7, "d")
    assert len(event.row) == len(USERS.columns)


def test_a_row_has_the_order_of_the_columns_and_a_key_of_two_columns() -> None:
    event = Event.of(ORDERS, ORDER)
    assert event.key == '["a,b",7]'
    assert event.row == ("a,b", 7, "XL", None, None)


def test_a_value_that_its_column_cannot_hold_is_kept() -> None:
    record = RECORD | {"registered_at": "yesterday", "latitude": "north"}
    row = dict(zip(USERS.names, Event.of(USERS, record).row, strict=True))
    assert (row["registered_at"], row["latitude"]) == ("yesterday", "north")


def test_a_value_beyond_the_kinds_range_is_kept() -> None:
    table = file.read("t", 'key = ["id"]\n[columns]\nid = "int4"\nday = "date"')
    record: dict[str, Any] = {"id": 1, "day": 20_000}
    assert Event.of(table, record | META).row == (1, date(2024, 10, 4))
    assert Event.of(table, record | META | {"day": "soon"}).row == (1, "soon")


def test_without_a_version_the_lsn_orders_the_events() -> None:
    assert Event.of(USERS, RECORD | {VERSION: None}).version == 5


@pytest.mark.parametrize("field", ["id", LSN, COMMITTED_MS])
def test_a_required_field_is_missing(field: str) -> None:
    with pytest.raises(UndecodableError, match=f"of a row of users: it lacks {field}"):
        Event.of(USERS, RECORD | {field: None})


def test_every_missing_column_of_the_key_is_named() -> None:
    with pytest.raises(UndecodableError, match="of orders: it lacks customer, number"):
        Event.of(ORDERS, META)


@pytest.mark.parametrize("field", [LSN, COMMITTED_MS, VERSION])
def test_a_field_is_not_a_number(field: str) -> None:
    with pytest.raises(UndecodableError, match="newest"):
        Event.of(USERS, RECORD | {field: "newest"})


def test_a_key_of_another_kind_is_not_an_event() -> None:
    with pytest.raises(UndecodableError, match="is not a change of a row of orders"):
        Event.of(ORDERS, ORDER | {"number": "seven"})
