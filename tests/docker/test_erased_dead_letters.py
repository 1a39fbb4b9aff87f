"""Erased dead letters leave the disk of a real broker within minutes, and the others stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from contract.kafka.dead_letters import MOVED_FROM, ORIGIN_OFFSET, ORIGIN_PARTITION, TIMESTAMP
from contract.kafka.topics import SEGMENT_MS
from contract.kafka.topics import dead_letters as topic_of
from control_center.clients.kafka import Kafka
from control_center.config import Settings
from control_center.jobs.erase import dead_letters
from control_center.jobs.erase.dead_letters import Outcome
from control_center.jobs.erase.traces import DELETION
from control_center.pipeline import messages
from control_center.pipeline.dead_letters import waiting
from control_center.pipeline.erasures.selection import OneKey
from control_center.pipeline.topic_message import TopicMessage
from tests.control_center.in_memory_clients import InMemoryClients, event, message_key, person
from tests.control_center.sample_tables import USERS
from tests.docker.conftest import Container
from tests.harness.settings import long
from tests.harness.wait import eventually

TOPIC = topic_of(USERS)
ADA = person("0f3a7c52-9be1-4a56-8a0e-6d1f2b3c4d5e", "marker-of-ada")
BOB = person("0f3a7c52-9be1-4a56-8a0e-6d1f2b3c4d5f", "marker-of-bob")
BEGAN = datetime.now(UTC)


@pytest.fixture(scope="module")
def clients(
    broker: tuple[Container, str], tmp_path_factory: pytest.TempPathFactory
) -> InMemoryClients:
    clients = InMemoryClients(tmp_path_factory.mktemp("state"))
    settings = Settings.load({"KAFKA_BOOTSTRAP": broker[1]})
    clients.__dict__.update(kafka=Kafka(settings))
    admin = AdminClient({"bootstrap.servers": broker[1]})
    new = NewTopic(TOPIC.name, 1, 1, config=TOPIC.settings)
    admin.create_topics([new])[TOPIC.name].result(30)
    return clients


def plant(address: str) -> None:
    """Forty dead letters of the last 20 days, every tenth of them of Ada; not compressed, so that
    their bytes can be searched."""
    producer = Producer({"bootstrap.servers": address, "acks": "all"})
    for number in range(40):
        row = ADA if number % 10 == 3 else BOB
        at = BEGAN - timedelta(days=20) + timedelta(hours=12 * number)
        producer.produce(
            TOPIC.name,
            event(row, number),
            message_key(row),
            0,
            headers=[
                (ORIGIN_PARTITION, b"0"),
                (ORIGIN_OFFSET, str(number).encode()),
                (TIMESTAMP, at.isoformat().encode()),
            ],
            timestamp=int(at.timestamp() * 1000),
        )
        assert producer.flush(30) == 0


def read(clients: InMemoryClients) -> Iterator[TopicMessage]:
    kafka = clients.kafka
    ends = kafka.offsets(TOPIC.name)
    return map(
        TopicMessage.of, messages.read(clients, kafka.earliest(TOPIC.name), ends, TOPIC.name)
    )


def content(message: TopicMessage) -> tuple[object, ...]:
    headers = tuple(item for item in message.headers if item[0] != MOVED_FROM)
    return message.key, message.value, headers, message.timestamp_ms


def on_disk(container: Container, text: str) -> bool:
    """Also in files that are named for deletion."""
    searched = container.run("grep", "-rlaF", text, "/var/lib/kafka/log")
    assert searched.returncode in (0, 1, 2), searched.stderr  # 2: a file was deleted meanwhile
    return bool(searched.stdout)


@long
@pytest.mark.timeout(1200)
def test_erased_dead_letters_leave_the_disk_and_the_others_stay(
    broker: tuple[Container, str], clients: InMemoryClients
) -> None:
    container, address = broker
    plant(address)
    before = [content(message) for message in read(clients)]
    assert len(before) == 40
    assert on_disk(container, "marker-of-ada")
    assert on_disk(container, "marker-of-bob")
    outcome = dead_letters.erase(clients, USERS, OneKey(ADA[0], (ADA[0],)))
    assert outcome == Outcome(erased=4)
    after = [content(message) for message in read(clients)]
    assert len(after) == 40
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        if number % 10 == 3:
            assert new[:2] == (None, None)
        else:
            assert new == old
    assert waiting(clients, USERS).total == 40
    settings = clients.kafka.settings([TOPIC.name], SEGMENT_MS)
    assert settings == {TOPIC.name: TOPIC.settings[SEGMENT_MS]}
    limit_s = DELETION.total_seconds()
    eventually(
        lambda: not on_disk(container, "marker-of-ada"),
        "no byte of the erased row is on the broker's disk",
        limit_s,
        pause_s=5,
    )
    print(f"gone after {(datetime.now(UTC) - BEGAN).total_seconds():.0f} s")
    assert on_disk(container, BOB[0])
    assert waiting(clients, USERS).waiting == 12  # 13 in 7 days, one is erased
    assert [content(message) for message in read(clients)] == after
