"""A decoded record as an event of a person."""

from __future__ import annotations

from typing import Any

import pytest

from contract.kafka.events import COMMITTED_MS, DELETED, LSN, OPERATION, VERSION
from contract.table.columns import NAMES
from control_center.pipeline.events import Event, UndecodableError

RECORD: dict[str, Any] = dict.fromkeys(NAMES, "x") | {
    "id": "B25124B3-CD58-477D-8365-6A42F620507E",
    DELETED: "true",
    OPERATION: "d",
    LSN: 5,
    COMMITTED_MS: 7,
    VERSION: "11",
}


def test_an_event_of_a_person() -> None:
    event = Event.of(RECORD)
    assert event.id == RECORD["id"].lower()
    assert (event.deleted, event.version, event.lsn) == (True, 11, 5)
    assert (event.committed_ms, event.op) == (7, "d")
    assert len(event.row) == len(NAMES)


def test_without_a_version_the_lsn_orders_the_events() -> None:
    assert Event.of(RECORD | {VERSION: None}).version == 5


@pytest.mark.parametrize("field", ["id", LSN, COMMITTED_MS])
def test_a_required_field_is_missing(field: str) -> None:
    with pytest.raises(UndecodableError, match=field):
        Event.of(RECORD | {field: None})


@pytest.mark.parametrize("field", [LSN, COMMITTED_MS, VERSION])
def test_a_field_is_not_a_number(field: str) -> None:
    with pytest.raises(UndecodableError, match="newest"):
        Event.of(RECORD | {field: "newest"})
