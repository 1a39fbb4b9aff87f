"""Messages from a time on, and messages of one key."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from contract.errors import InvalidInputError
from contract.kafka.topics import events
from control_center.pipeline.browse import browse
from tests.control_center.in_memory_clients import (
    COMMITTED,
    COMMITTED_AT,
    TABLES,
    InMemoryClients,
    InMemoryMessage,
    event,
    message_key,
    person,
)

USERS = TABLES["users"]
TOPIC = events(USERS).name
ANA, BEN = "89254969-771b-47a0-bfb6-345d262fbae9", "0a0a0a0a-771b-47a0-bfb6-345d262fbae9"


@pytest.fixture
def clients(tmp_path: Path) -> InMemoryClients:
    """Partition 0 has a message of Ana and one of Ben a minute, for six minutes."""
    memory = InMemoryClients(tmp_path)
    for minute in range(6):
        row = person([ANA, BEN][minute % 2], f"City {minute}")
        at = COMMITTED_AT + minute * 60_000
        message = InMemoryMessage(message_key(row), event(row, minute), timestamp_ms=at)
        memory.broker.add(TOPIC, 0, message)
    return memory


def offsets(clients: InMemoryClients, **filters: object) -> list[int]:
    shown = browse(clients, USERS, TOPIC, None, None, **filters)  # type: ignore[arg-type]
    return [message.place.offset for message in shown]


def test_from_a_time_on(clients: InMemoryClients) -> None:
    assert offsets(clients, since=COMMITTED + timedelta(minutes=3)) == [3, 4, 5]
    assert offsets(clients, since=COMMITTED + timedelta(minutes=3), count=1) == [3]
    assert offsets(clients, since=COMMITTED + timedelta(hours=1)) == []


def test_of_one_key(clients: InMemoryClients) -> None:
    assert offsets(clients, key=BEN) == [5, 3, 1]
    assert offsets(clients, key=BEN, count=1) == [5]
    assert offsets(clients, key=ANA, since=COMMITTED + timedelta(minutes=1)) == [2, 4]
    assert offsets(clients, key="nobody") == []


def test_an_offset_beyond_the_end_names_the_offsets_that_exist(clients: InMemoryClients) -> None:
    with pytest.raises(InvalidInputError, match="partition 0 has the offsets 0 to 5"):
        browse(clients, USERS, TOPIC, 0, 6)


def test_a_place_is_an_offset_or_a_time(clients: InMemoryClients) -> None:
    with pytest.raises(InvalidInputError, match="not both"):
        browse(clients, USERS, TOPIC, 0, 1, since=COMMITTED)
