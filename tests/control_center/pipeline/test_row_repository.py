"""Rows by key in each store, and the traces and versions made of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract.kafka.offsets import TopicOffset
from contract.kafka.topics import events
from contract.stores.cassandra.batches import BatchRecord
from contract.stream.trace import TopicEvent
from control_center.pipeline import row_repository
from control_center.pipeline.browse import Query, browse, spans
from control_center.pipeline.row_repository import Origin, key_reader, key_values
from control_center.pipeline.trace import PlatformTraceSource, UnknownRowError, known_key, trace_row
from control_center.pipeline.versions import VersionsRequest, find
from tests.control_center.in_memory_clients import (
    COMMITTED_AT,
    InMemoryClients,
    InMemoryMessage,
    event,
    message_key,
    order,
    person,
)
from tests.control_center.sample_tables import DEAD_LETTERS, ODD_TEXTS, ORDERS, TOPIC, USERS

ANA = person("0d5f1c2e-0000-4000-8000-00000000000a", "Oslo", "ana@example.org")
BO = person("0d5f1c2e-0000-4000-8000-00000000000b", "Bern", "bo@example.org")
UNKNOWN = "0d5f1c2e-0000-4000-8000-00000000000c"


@pytest.fixture
def clients(tmp_path: Path) -> InMemoryClients:
    """Ana and Bo are committed and on the topic; Cassandra holds Ana."""
    clients = InMemoryClients(tmp_path)
    clients.database.rows["users"] = {row[0]: row for row in (ANA, BO)}
    for row in (ANA, BO, ANA):
        clients.broker.add(TOPIC, 1, InMemoryMessage(message_key(row), event(row, 5)))
    clients.store.rows["users"] = {ANA[0]: (ANA, (5, COMMITTED_AT, 1, 2))}
    now = datetime.now(UTC)
    clients.store.records = [BatchRecord(7, now, now, {1: 0}, {1: 3}, 3, 0, 0, "abc", "driver-1")]
    return clients


def test_rows_in_postgresql(clients: InMemoryClients) -> None:
    assert row_repository.in_postgres(clients, USERS, [ANA[0], UNKNOWN]) == {ANA[0]: ANA}
    assert row_repository.held_in_postgres(clients, USERS, [BO[0], UNKNOWN]) == {BO[0]}
    assert row_repository.held_in_postgres(clients, USERS, []) == set()
    assert row_repository.count_in_postgres(clients, USERS, [ANA[0], BO[0]]) == 2


def test_rows_in_cassandra_with_their_origin(clients: InMemoryClients) -> None:
    rows, origins = row_repository.in_cassandra(clients, USERS, [ANA[0], BO[0]])
    assert rows == {ANA[0]: ANA}
    assert origins == {ANA[0]: Origin(5, COMMITTED_AT, TopicOffset(1, 2))}


def test_a_row_without_an_origin(clients: InMemoryClients) -> None:
    clients.store.rows["users"] = {ANA[0]: (ANA, (None, None, None, None))}
    _, origins = row_repository.in_cassandra(clients, USERS, [ANA[0]])
    assert origins == {ANA[0]: Origin(None, None, None)}


@pytest.mark.parametrize("customer", ODD_TEXTS)
def test_a_key_of_two_columns_finds_its_row_whatever_its_texts(
    clients: InMemoryClients, customer: str
) -> None:
    row = order(customer, 7, "XL", "note")
    key = key_reader(ORDERS)(row)
    clients.database.rows["orders"] = {key: row}
    clients.store.rows["orders"] = {key: (row, (5, COMMITTED_AT, 0, 0))}
    other = key_reader(ORDERS)(order(customer, 8))
    assert row_repository.in_postgres(clients, ORDERS, [key, other]) == {key: row}
    assert row_repository.in_cassandra(clients, ORDERS, [key, other])[0] == {key: row}
    assert known_key(PlatformTraceSource(clients, ORDERS), ORDERS, key) == key


def test_rows_of_another_table_are_not_mixed_in(clients: InMemoryClients) -> None:
    clients.database.rows["orders"] = {'["a",1]': order("a", 1)}
    assert row_repository.in_postgres(clients, ORDERS, [ANA[0]]) == {}
    assert row_repository.in_postgres(clients, USERS, ['["a",1]']) == {}
    assert row_repository.in_cassandra(clients, ORDERS, ['["a",1]']) == ({}, {})
    assert find(clients, VersionsRequest("orders", ANA[0], partition=None)).read == 0


@pytest.mark.parametrize(
    "key", ["a", '["a"]', '["a",1,2]', '["a",2147483648]', '["a","x"]', '{"a":1}', "[", ""]
)
def test_a_text_that_is_no_key_is_in_no_store(clients: InMemoryClients, key: str) -> None:
    assert key_values(ORDERS, key) is None
    assert row_repository.in_postgres(clients, ORDERS, [key]) == {}
    assert row_repository.in_cassandra(clients, ORDERS, [key]) == ({}, {})
    with pytest.raises(UnknownRowError, match=r"a JSON array of customer, number"):
        trace_row(clients, ORDERS, key)


@pytest.mark.parametrize("key", [ANA[0], ANA[0].upper(), "ana@example.org"])
def test_the_trace_by_key_and_by_a_value_with_an_index(clients: InMemoryClients, key: str) -> None:
    trace = trace_row(clients, USERS, key)
    assert (trace.table, trace.key, trace.arrived) == ("users", ANA[0], True)
    assert trace.kafka == TopicEvent(1, 2, "2026-11-22T12:00:00.250+00:00")
    assert trace.spark is not None
    assert (trace.spark.batch_id, trace.spark.rows) == (7, 3)


def test_a_value_is_found_by_cassandra_s_index(
    clients: InMemoryClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL, which would read its whole table, is asked only for what Cassandra lacks."""
    asked: list[str] = []

    def in_postgres(_: object, __: object, column: str, text: str) -> None:
        asked.append(f"{column} {text}")

    monkeypatch.setattr(row_repository, "key_in_postgres", in_postgres)
    assert trace_row(clients, USERS, "ana@example.org").key == ANA[0]
    assert asked == []
    with pytest.raises(UnknownRowError):
        trace_row(clients, USERS, "nobody@example.org")
    assert "email nobody@example.org" in asked


def test_the_trace_of_a_row_that_has_not_arrived(clients: InMemoryClients) -> None:
    assert trace_row(clients, USERS, BO[0]).kafka is None
    with pytest.raises(UnknownRowError):
        trace_row(clients, USERS, "nobody@example.org")


def test_versions_are_searched_in_the_topic(clients: InMemoryClients) -> None:
    result = find(clients, VersionsRequest("users", ANA[0], partition=1))
    assert result.read == 3
    assert [version.offset for version in result.versions] == [0, 2]
    assert {version.batch for version in result.versions} == {7}
    everywhere = find(clients, VersionsRequest("users", BO[0], partition=None))
    assert [version.offset for version in everywhere.versions] == [1]
    assert find(clients, VersionsRequest("users", UNKNOWN, partition=None)).versions == ()


def test_the_newest_messages_and_those_from_an_offset_on(clients: InMemoryClients) -> None:
    newest = browse(clients, USERS, Query(TOPIC, count=2)).messages
    assert [message.place.offset for message in newest] == [2, 1]
    assert [message.key for message in newest] == [ANA[0], BO[0]]
    from_offset = Query(TOPIC, partition=1, offset=1, count=5)
    onward = browse(clients, USERS, from_offset, known=spans(clients, USERS, TOPIC))
    assert [message.place.offset for message in onward.messages] == [1, 2]
    clients.broker.topics[DEAD_LETTERS] = {0: []}
    assert browse(clients, USERS, Query(DEAD_LETTERS)).messages == []


@pytest.mark.parametrize("topic", ["__consumer_offsets", events(ORDERS).name])
def test_topics_of_others_cannot_be_browsed(clients: InMemoryClients, topic: str) -> None:
    with pytest.raises(ValueError, match="use one of the topics"):
        spans(clients, USERS, topic)


def test_rows_are_read_from_the_database_of_their_table(clients: InMemoryClients) -> None:
    row_repository.in_postgres(clients, replace(USERS, database="shop"), [ANA[0]])
    row_repository.in_postgres(clients, USERS, [ANA[0]])
    assert clients.database_names == ["shop", ""]
