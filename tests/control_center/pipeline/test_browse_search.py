"""Messages from a time on, of one key, or with a text. Personal values are not searched masked."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from contract.errors import InvalidInputError
from contract.kafka.topics import dead_letters, events
from control_center.pipeline import browse as module
from control_center.pipeline.browse import Page, Query, browse
from control_center.pipeline.scan import Limits
from tests.control_center.in_memory_clients import (
    COMMITTED,
    TABLES,
    InMemoryClients,
    InMemoryMessage,
)
from tests.control_center.sample_rows import row as row_of

USERS = TABLES["users"]
TOPIC, DEAD_LETTERS = events(USERS).name, dead_letters(USERS).name
ANA, BEN = "89254969-771b-47a0-bfb6-345d262fbae9", "0a0a0a0a-771b-47a0-bfb6-345d262fbae9"


@pytest.fixture
def clients(tmp_path: Path) -> InMemoryClients:
    """Partition 0 has a message of Ana and one of Ben a minute, for six minutes."""
    memory = InMemoryClients(tmp_path)
    for minute in range(6):
        name = ["ana", "ben"][minute % 2]
        row = row_of(
            USERS,
            id=[ANA, BEN][minute % 2],
            country=f"Land {minute}",
            city="Oslo",
            email=f"{name}{minute}@example.org",
        )
        memory.add_change(row, minute, interval_ms=60_000)
    return memory


def offsets(page: Page) -> list[int]:
    return [message.place.offset for message in page.messages]


def matches(clients: InMemoryClients, unmasked: bool = False, **filters: object) -> list[int]:
    query = Query(TOPIC, **filters)  # type: ignore[arg-type]
    return offsets(browse(clients, USERS, query, unmasked=unmasked))


def test_from_a_time_on(clients: InMemoryClients) -> None:
    assert matches(clients, since=COMMITTED + timedelta(minutes=3)) == [3, 4, 5]
    assert matches(clients, since=COMMITTED + timedelta(minutes=3), count=1) == [3]
    assert matches(clients, since=COMMITTED + timedelta(hours=1)) == []


def test_of_one_key(clients: InMemoryClients) -> None:
    assert matches(clients, key=BEN) == [5, 3, 1]
    assert matches(clients, key=BEN, count=1) == [5]
    assert matches(clients, key=ANA, since=COMMITTED + timedelta(minutes=1)) == [2, 4]
    assert matches(clients, key="nobody") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Land 4", [4]),
        ("lAND", [5, 4, 3, 2, 1, 0]),
        ("0A0A0A0A", [5, 3, 1]),
        ("country", []),
        ("oslo", []),
        ("email", []),
        ("\N{BULLET}", []),
        ("none", []),
    ],
)
def test_a_text_in_key_or_value(clients: InMemoryClients, text: str, expected: list[int]) -> None:
    """Not in the names of fields, in the mask, or in an empty field."""
    assert matches(clients, contains=text) == expected


def test_a_text_and_a_key(clients: InMemoryClients) -> None:
    assert matches(clients, contains="Land 3", key=BEN) == [3]
    assert matches(clients, contains="Land 3", key=ANA) == []


def test_personal_values_are_searched_by_an_operator_who_shows_them(
    clients: InMemoryClients,
) -> None:
    assert "email" in USERS.personal
    assert matches(clients, contains="ana4@example.org") == []
    assert matches(clients, contains="ana4@example.org", unmasked=True) == [4]


def test_a_text_in_a_header_of_an_undecodable_message(clients: InMemoryClients) -> None:
    headers = [("reason", b"schema 99 is not known"), ("empty", None)]
    clients.broker.add(DEAD_LETTERS, 0, InMemoryMessage(b"\x01", b"poison", headers))
    clients.broker.add(DEAD_LETTERS, 0, InMemoryMessage(None, None))
    query = Query(DEAD_LETTERS, contains="Schema 99")
    assert offsets(browse(clients, USERS, query)) == [0]


def test_a_search_goes_on_where_it_stopped(
    clients: InMemoryClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_STEP", 2)
    query = Query(TOPIC, contains="Land 0")
    limits = Limits(2, 100)
    first = browse(clients, USERS, query, limits=limits)
    assert (first.scanned.read, first.scanned.remaining) == (2, 4)
    assert first.scanned.position == {0: 4}
    onward = Query(TOPIC, contains="Land 0", position=first.scanned.position)
    second = browse(clients, USERS, onward)
    assert (offsets(second), second.scanned.remaining) == ([0], 0)


def test_a_place_that_does_not_exist(clients: InMemoryClients) -> None:
    with pytest.raises(InvalidInputError, match="partition 0 has the offsets 0 to 5"):
        matches(clients, partition=0, offset=6)
    with pytest.raises(InvalidInputError, match="not both"):
        matches(clients, partition=0, offset=1, since=COMMITTED)
