"""The newest messages appear by themselves, in a bounded list."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.errors import UnreachableError
from contract.kafka.topics import events
from control_center.pipeline import tail as module
from control_center.pipeline.browse import Query
from control_center.pipeline.scan import Limits
from control_center.pipeline.tail import Tail
from tests.control_center.in_memory_clients import (
    TABLES,
    InMemoryClients,
)
from tests.control_center.sample_rows import row as row_of

USERS = TABLES["users"]
TOPIC = events(USERS).name
ANA = "89254969-771b-47a0-bfb6-345d262fbae9"


def arrive(clients: InMemoryClients, *countries: str, partition: int = 0) -> None:
    for country in countries:
        row = row_of(USERS, id=ANA, country=country)
        count = sum(map(len, clients.broker.topics.get(TOPIC, {}).values()))
        clients.add_change(row, count, partition=partition)


@pytest.fixture
def clients(tmp_path: Path) -> InMemoryClients:
    memory = InMemoryClients(tmp_path)
    arrive(memory, "Oslo", "Bern", "Rome")
    return memory


def followed(clients: InMemoryClients, **filters: object) -> Tail:
    return Tail(clients, USERS, Query(TOPIC, **filters), unmasked=False)  # type: ignore[arg-type]


def countries(tail: Tail) -> list[str]:
    return [str((message.record or {})["country"]) for message in tail.messages]


def test_new_messages_are_added_on_top_and_the_list_is_bounded(clients: InMemoryClients) -> None:
    tail = followed(clients, count=4)
    assert (tail.poll(), countries(tail)) == (3, ["Rome", "Bern", "Oslo"])
    assert (tail.poll(), tail.read) == (0, 3)
    arrive(clients, "Lima")
    arrive(clients, "Kyiv", partition=1)
    assert (tail.poll(), countries(tail)) == (2, ["Kyiv", "Lima", "Rome", "Bern"])
    assert (tail.read, tail.skipped) == (5, 0)


def test_only_matches_appear(clients: InMemoryClients) -> None:
    tail = followed(clients, contains="lima")
    assert tail.poll() == 0
    arrive(clients, "Kyiv", "Lima", "Kyiv")
    assert (tail.poll(), countries(tail), tail.skipped) == (1, ["Lima"], 0)


def test_what_arrives_too_fast_is_counted(
    clients: InMemoryClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "POLL", Limits(2, 100))
    tail = followed(clients, count=2)
    tail.poll()
    assert tail.skipped == 0, "what was there before does not count"
    arrive(clients, *"abcdefg")
    tail.poll()
    assert (countries(tail), tail.skipped) == (["g", "f"], 5)


def test_a_poll_that_fails_loses_nothing(
    clients: InMemoryClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    tail = followed(clients)
    tail.poll()
    arrive(clients, "Lima")
    with monkeypatch.context() as patch:

        def away(**_: object) -> object:
            raise UnreachableError("kafka-1", "does not answer")

        patch.setattr(clients.broker, "consumer", away)
        with pytest.raises(UnreachableError):
            tail.poll()
    assert (tail.poll(), countries(tail)[0]) == (1, "Lima")


def test_a_topic_that_was_created_again_is_read_from_its_start(clients: InMemoryClients) -> None:
    tail = followed(clients)
    tail.poll()
    clients.broker.topics[TOPIC] = {}
    arrive(clients, "Lima")
    assert (tail.poll(), countries(tail)[0]) == (1, "Lima")
