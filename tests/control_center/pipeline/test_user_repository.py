"""People by id in PostgreSQL and Cassandra, and the traces and versions made of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract.kafka.offsets import TopicOffset
from contract.stores.cassandra.batches import BatchRecord
from contract.stream.trace import TopicEvent
from control_center.config import DEAD_LETTERS, TOPIC
from control_center.pipeline import user_repository
from control_center.pipeline.browse import browse, spans
from control_center.pipeline.trace import UnknownPersonError, trace_person
from control_center.pipeline.user_repository import Origin
from control_center.pipeline.versions import VersionsRequest, find
from tests.control_center.in_memory_clients import (
    COMMITTED_AT,
    InMemoryClients,
    InMemoryMessage,
    event,
    person,
)

ANA = person("0d5f1c2e-0000-4000-8000-00000000000a", "Oslo", "ana@example.org")
BO = person("0d5f1c2e-0000-4000-8000-00000000000b", "Bern", "bo@example.org")


@pytest.fixture
def clients(tmp_path: Path) -> InMemoryClients:
    """Ana and Bo are committed and on the topic; Cassandra holds Ana."""
    clients = InMemoryClients(tmp_path)
    clients.database.users = {row[0]: row for row in (ANA, BO)}
    for row in (ANA, BO, ANA):
        clients.broker.add(TOPIC, 1, InMemoryMessage(row[0].encode(), event(row, 5)))
    clients.store.rows = {ANA[0]: (ANA, (5, COMMITTED_AT, 1, 2))}
    now = datetime.now(UTC)
    clients.store.records = [BatchRecord(7, now, now, {1: 0}, {1: 3}, 3, 0, 0, "abc", "driver-1")]
    return clients


def test_people_in_postgresql(clients: InMemoryClients) -> None:
    assert user_repository.in_postgres(clients, [ANA[0], "unknown"]) == {ANA[0]: ANA}
    assert user_repository.held_in_postgres(clients, [BO[0], "unknown"]) == {BO[0]}
    assert user_repository.held_in_postgres(clients, []) == set()
    assert user_repository.count_in_postgres(clients, [ANA[0], BO[0]]) == 2


def test_people_in_cassandra_with_their_origin(clients: InMemoryClients) -> None:
    rows, origins = user_repository.in_cassandra(clients, [ANA[0], BO[0]])
    assert rows == {ANA[0]: ANA}
    assert origins == {ANA[0]: Origin(5, COMMITTED_AT, TopicOffset(1, 2))}


def test_a_row_without_an_origin(clients: InMemoryClients) -> None:
    clients.store.rows = {ANA[0]: (ANA, (None, None, None, None))}
    _, origins = user_repository.in_cassandra(clients, [ANA[0]])
    assert origins == {ANA[0]: Origin(None, None, None)}


@pytest.mark.parametrize("key", [ANA[0], "ana@example.org"])
def test_the_trace_by_id_and_by_email(clients: InMemoryClients, key: str) -> None:
    trace = trace_person(clients, key)
    assert (trace.id, trace.arrived) == (ANA[0], True)
    assert trace.kafka == TopicEvent(1, 2, "2026-11-22T12:00:00.250+00:00")
    assert trace.spark is not None
    assert (trace.spark.batch_id, trace.spark.rows) == (7, 3)


def test_the_trace_of_a_person_who_has_not_arrived(clients: InMemoryClients) -> None:
    assert trace_person(clients, BO[0]).kafka is None
    with pytest.raises(UnknownPersonError):
        trace_person(clients, "nobody@example.org")


def test_versions_are_searched_in_the_topic(clients: InMemoryClients) -> None:
    result = find(clients, VersionsRequest(ANA[0], partition=1))
    assert result.read == 3
    assert [version.offset for version in result.versions] == [0, 2]
    assert {version.batch for version in result.versions} == {7}
    everywhere = find(clients, VersionsRequest(BO[0], partition=None))
    assert [version.offset for version in everywhere.versions] == [1]
    assert find(clients, VersionsRequest("unknown", partition=None)).versions == ()


def test_the_newest_messages_and_those_from_an_offset_on(clients: InMemoryClients) -> None:
    newest = browse(clients, TOPIC, None, None, 2)
    assert [message.place.offset for message in newest] == [2, 1]
    onward = browse(clients, TOPIC, 1, 1, 5, spans(clients, TOPIC))
    assert [message.place.offset for message in onward] == [1, 2]
    clients.broker.topics[DEAD_LETTERS] = {0: []}
    assert browse(clients, DEAD_LETTERS, None, None) == []


def test_other_topics_cannot_be_browsed(clients: InMemoryClients) -> None:
    with pytest.raises(ValueError, match="use one of the topics"):
        spans(clients, "__consumer_offsets")
