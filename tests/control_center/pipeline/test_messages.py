"""Messages between two offsets of each partition."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.errors import UnreachableError
from control_center.pipeline import messages
from control_center.pipeline.topic_message import TopicMessage
from tests.control_center.in_memory_clients import InMemoryClients, InMemoryMessage
from tests.control_center.sample_tables import TOPIC


@pytest.fixture
def clients(tmp_path: Path) -> InMemoryClients:
    """Two partitions with 5 and 3 messages."""
    clients = InMemoryClients(tmp_path)
    for partition, count in ((0, 5), (1, 3)):
        for number in range(count):
            value = f"{partition}:{number}".encode()
            clients.broker.add(TOPIC, partition, InMemoryMessage(b"key", value))
    return clients


def test_every_message_between_start_and_end(clients: InMemoryClients) -> None:
    values = map(TopicMessage.of, messages.read(clients, {0: 1}, {0: 4, 1: 2}, TOPIC))
    assert sorted(message.value or b"" for message in values) == [
        b"0:1",
        b"0:2",
        b"0:3",
        b"1:0",
        b"1:1",
    ]


def test_without_a_range_nothing_is_read(clients: InMemoryClients) -> None:
    assert list(messages.read(clients, {0: 3, 1: 9}, {0: 3, 1: 3}, TOPIC)) == []
    assert list(messages.read(clients, {}, {}, TOPIC)) == []


def test_one_message(clients: InMemoryClients) -> None:
    message = messages.read_one(clients, TOPIC, 1, 2)
    assert message is not None
    assert TopicMessage.of(message).value == b"1:2"


def test_one_message_that_retention_deleted(clients: InMemoryClients) -> None:
    clients.broker.deleted = {(TOPIC, 1): 2}
    assert messages.read_one(clients, TOPIC, 1, 1) is None
    assert messages.read_one(clients, TOPIC, 1, 2) is not None


def test_brokers_that_deliver_nothing(
    clients: InMemoryClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "SILENCE_S", -1)
    with pytest.raises(UnreachableError, match="kafka-1: the cluster delivers no messages"):
        list(messages.read(clients, {0: 9}, {0: 10}, TOPIC))
