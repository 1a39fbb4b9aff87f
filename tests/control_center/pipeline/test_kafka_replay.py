"""A replay over Kafka's clients: what is read, and what is produced."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contract.kafka.dead_letters import ORIGIN_OFFSET, ORIGIN_PARTITION, TIMESTAMP
from contract.kafka.offsets import TopicOffset
from control_center.pipeline.dead_letter_replay import DeadLetterReplay
from control_center.pipeline.kafka_replay import KafkaReplayPlatform, wanted_ranges
from control_center.pipeline.replay_outcome import ReplayOutcome
from tests.control_center.in_memory_clients import (
    InMemoryClients,
    InMemoryMessage,
    event,
    message_key,
    person,
)
from tests.control_center.sample_tables import DEAD_LETTERS, TOPIC, USERS

HELD = person("0f3a7c52-9be1-4a56-8a0e-6d1f2b3c4d5e", "Oslo")
ERASED = person("0f3a7c52-9be1-4a56-8a0e-6d1f2b3c4d5f", "Bern")
FIRST = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)


@pytest.fixture
def clients(tmp_path: Path) -> InMemoryClients:
    """Five dead letters of one row that PostgreSQL holds, then a delete and a change of one
    that it does not hold."""
    clients = InMemoryClients(tmp_path)
    clients.database.rows["users"] = {HELD[0]: HELD}
    values = [(HELD, event(HELD, 5))] * 5
    values += [(ERASED, event(ERASED, 6, deleted=True)), (ERASED, event(ERASED, 6))]
    for row, value in values:
        headers = [
            ("trace", b"abc"),
            (ORIGIN_PARTITION, b"2"),
            (ORIGIN_OFFSET, b"40"),
            (TIMESTAMP, FIRST.isoformat().encode()),
        ]
        clients.broker.add(DEAD_LETTERS, 0, InMemoryMessage(message_key(row), value, headers))
    return clients


def test_all_are_sent_but_a_change_of_an_erased_row(clients: InMemoryClients) -> None:
    replay = DeadLetterReplay(clients.replay_log)
    assert replay.send(clients, USERS, None) == ReplayOutcome(sent=6, not_held=1)
    assert len(clients.broker.produced) == 6
    assert replay.send(clients, USERS, None) == ReplayOutcome(sent_before=6, not_held=1)
    assert len(clients.broker.produced) == 6


def test_bytes_partition_timestamp_and_headers_are_produced(clients: InMemoryClients) -> None:
    DeadLetterReplay(clients.replay_log).send(clients, USERS, [TopicOffset(0, 3)])
    [produced] = clients.broker.produced
    stamp = FIRST.isoformat(timespec="milliseconds").replace("+00:00", "Z").encode()
    assert produced == {
        "topic": TOPIC,
        "value": event(HELD, 5),
        "key": message_key(HELD),
        "partition": 2,
        "timestamp": int(FIRST.timestamp() * 1000),
        "headers": [("trace", b"abc"), ("dead-letter", b"0:3"), (TIMESTAMP, stamp)],
    }


def test_only_the_wanted_are_read(clients: InMemoryClients) -> None:
    platform = KafkaReplayPlatform(clients, USERS)
    wanted = [TopicOffset(0, 4), TopicOffset(0, 1), TopicOffset(7, 0)]
    assert [message.place for message in platform.dead_letters(wanted)] == [(0, 1), (0, 4)]


def test_a_dead_letter_that_retention_deleted_is_left_out(clients: InMemoryClients) -> None:
    clients.broker.deleted = {(DEAD_LETTERS, 0): 2}
    replay = DeadLetterReplay(clients.replay_log)
    assert replay.send(clients, USERS, [TopicOffset(0, 1)]) == ReplayOutcome()
    assert replay.send(clients, USERS, None).sent == 4


def test_an_error_of_the_broker_is_reported(clients: InMemoryClients) -> None:
    clients.broker.error = "Broker: Leader not available"
    outcome = DeadLetterReplay(clients.replay_log).send(clients, USERS, [TopicOffset(0, 0)])
    assert outcome == ReplayOutcome(errors=["0:0: Broker: Leader not available"])
    assert TopicOffset(0, 0) not in DeadLetterReplay(clients.replay_log).sent(USERS)


def test_all_partitions_are_read_from_the_earliest_to_the_end() -> None:
    assert wanted_ranges(None, {0: 3}, {0: 9}) == ({0: 3}, {0: 9})


def test_the_ranges_hold_the_requested_offsets_without_deleted_ones() -> None:
    wanted = [TopicOffset(0, 7), TopicOffset(0, 4), TopicOffset(1, 2), TopicOffset(5, 1)]
    starts, ends = wanted_ranges(wanted, {0: 5, 1: 0}, {0: 6, 1: 9})
    assert starts == {0: 5, 1: 2, 5: 1}
    assert ends == {0: 6, 1: 3, 5: 0}
