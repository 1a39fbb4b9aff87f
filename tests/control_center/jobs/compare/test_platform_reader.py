"""The comparison's reads over the platform's clients."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract.kafka.change import UndecodableError
from contract.kafka.offsets import TopicOffset
from contract.kafka.topic_id import printed
from contract.stores.cassandra.batches import BatchRecord
from contract.table.digest import digest
from control_center.jobs.compare.platform_reader import PlatformReader
from tests.control_center.in_memory_clients import (
    InMemoryClients,
    InMemoryMessage,
    event,
    message_key,
    order,
    person,
)
from tests.control_center.sample_tables import DEAD_LETTERS, ORDERS, TOPIC, USERS

A = person("0d5f1c2e-0000-4000-8000-00000000000a", "Oslo")
B = person("0d5f1c2e-0000-4000-8000-00000000000b", "Bern")
ORIGIN = (5, 0, 0, 0)


@pytest.fixture
def clients(tmp_path: Path) -> InMemoryClients:
    clients = InMemoryClients(tmp_path)
    clients.database.rows["users"] = {row[0]: row for row in (A, B)}
    clients.store.rows["users"] = {A[0]: (A, ORIGIN)}
    for _ in range(3):
        clients.broker.add(TOPIC, 0, InMemoryMessage(message_key(A), event(A, 5)))
    clients.broker.deleted = {(TOPIC, 0): 1}
    origin = [("origin.partition", b"0"), ("origin.offset", b"2")]
    clients.broker.add(DEAD_LETTERS, 0, InMemoryMessage(None, b"poison", origin))
    return clients


def batch(number: int, end: int, topic_id: str = "") -> BatchRecord:
    now = datetime.now(UTC)
    return BatchRecord(number, now, now, {0: 0}, {0: end}, 1, 0, 0, "abc", "driver-1", topic_id)


def test_all_and_some(clients: InMemoryClients) -> None:
    reader = PlatformReader(clients, USERS)
    every_row = {A[0]: digest(USERS, A), B[0]: digest(USERS, B)}
    assert reader.postgres() == every_row
    assert reader.postgres([B[0]]) == {B[0]: digest(USERS, B)}
    assert reader.cassandra() == {A[0]: digest(USERS, A)}
    assert reader.cassandra([A[0], B[0]]) == {A[0]: digest(USERS, A)}


def test_rows_that_come_from_a_later_change(clients: InMemoryClients) -> None:
    reader = PlatformReader(clients, USERS)
    assert reader.changed_since([A[0], B[0]], ORIGIN[0]) == {A[0]: digest(USERS, A)}
    assert reader.changed_since([A[0], B[0]], ORIGIN[0] + 1) == {}


def test_offsets_of_both_topics(clients: InMemoryClients) -> None:
    reader = PlatformReader(clients, USERS)
    assert reader.earliest() == {0: 1}
    assert (reader.dead_letters_earliest(), reader.dead_letters_end()) == ({0: 0}, {0: 1})


def test_without_a_batch_everything_counts_as_written(clients: InMemoryClients) -> None:
    assert PlatformReader(clients, USERS).written() == {0: 3}


def test_written_offsets_end_with_the_newest_batch_of_the_table(clients: InMemoryClients) -> None:
    clients.store.records = [batch(1, 1), batch(2, 2)]
    reader = PlatformReader(clients, USERS)
    assert reader.written() == {0: 2}
    assert [record.batch_id for record in reader.batches()] == [2, 1]


def test_batches_of_a_topic_that_was_created_again_do_not_count(clients: InMemoryClients) -> None:
    former, present = "1" * 32, "2" * 32
    clients.broker.ids[TOPIC] = present
    clients.store.records = [batch(1, 1), batch(2, 2, printed(former))]
    reader = PlatformReader(clients, USERS)
    assert reader.written() == {0: 0}
    assert [record.batch_id for record in reader.batches()] == [1]
    clients.store.records.append(batch(3, 3, printed(present)))
    assert reader.written() == {0: 3}


def test_messages_are_read_and_decoded(clients: InMemoryClients) -> None:
    reader = PlatformReader(clients, USERS)
    [(message, value)] = reader.messages({0: 1}, {0: 2})
    assert message.place == TopicOffset(0, 1)
    assert reader.decode(value).row == A
    with pytest.raises(UndecodableError):
        reader.decode(b"poison")


def test_dead_letters_name_the_offset_that_was_refused(clients: InMemoryClients) -> None:
    [refused] = PlatformReader(clients, USERS).origins({0: 0}, {0: 1})
    assert refused.place == TopicOffset(0, 2)


def test_progress_is_printed_every_50000_rows(
    clients: InMemoryClients, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("control_center.jobs.compare.platform_reader.PROGRESS_ROWS", 2)
    PlatformReader(clients, USERS).postgres()
    assert capsys.readouterr().out.count("PostgreSQL: 2 rows read") == 2
    PlatformReader(clients, USERS).cassandra()
    assert capsys.readouterr().out.count("] Cassandra: 1 rows read") == 1
    assert len(list(PlatformReader(clients, USERS).messages({0: 1}, {0: 3}))) == 2
    assert capsys.readouterr().out.count("] topic: 2 rows read") == 2
    clients.store.rows["users"] = {}
    PlatformReader(clients, USERS).cassandra()
    assert capsys.readouterr().out == ""


def test_another_table_has_its_own_rows_topics_and_batches(clients: InMemoryClients) -> None:
    clients.store.records = [batch(1, 1)]
    row = order("a,b", 7, "XL")
    clients.database.rows["orders"] = {'["a,b",7]': row}
    clients.store.rows["orders"] = {'["a,b",7]': (row, ORIGIN)}
    reader = PlatformReader(clients, ORDERS)
    assert reader.postgres() == reader.cassandra() == {'["a,b",7]': digest(ORDERS, row)}
    assert reader.postgres([A[0]]) == reader.cassandra([A[0]]) == {}
    assert (reader.earliest(), reader.written(), reader.batches()) == ({}, {}, [])
