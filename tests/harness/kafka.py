"""Raw records of a topic, through the listener that is published to this machine."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from confluent_kafka import Consumer, Message, Producer, TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourceType,
)

from contract.kafka import topics
from tests.harness.platform import Platform

TOPIC = topics.USERS.name
DEAD_LETTERS = topics.DEAD_LETTERS.name
LARGEST = topics.USERS.settings["max.message.bytes"]
"""Bytes of a message that TOPIC takes."""
_TIMEOUT_S = 20


@dataclass(frozen=True)
class Place:
    partition: int
    offset: int


class Record(NamedTuple):
    """What a producer gives Kafka."""

    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes | None]] = []  # noqa: RUF012 (never changed)


def delete_topic(platform: Platform, name: str) -> None:
    admin = AdminClient(_client(platform))
    admin.delete_topics([name])[name].result(_TIMEOUT_S)


def produce(platform: Platform, key: bytes | None, value: bytes | None) -> Place:
    """Append one record to TOPIC and return where it lies."""
    placed: list[Message] = []
    producer = Producer({**_client(platform), "message.max.bytes": LARGEST})
    producer.produce(TOPIC, value, key, on_delivery=lambda _, message: placed.append(message))
    producer.flush(_TIMEOUT_S)
    assert placed and placed[0].error() is None, placed and placed[0].error()
    return Place(placed[0].partition(), placed[0].offset())


def produce_all(platform: Platform, many: list[tuple[bytes, bytes]]) -> None:
    """Append these keys and values to TOPIC."""
    producer = Producer(_client(platform))
    for key, value in many:
        producer.produce(TOPIC, value, key)
    assert producer.flush(_TIMEOUT_S) == 0


def produce_many(platform: Platform, many: list[Record]) -> None:
    """Append these to TOPIC, wherever their keys put them."""
    producer = Producer({**_client(platform), "message.max.bytes": LARGEST, "linger.ms": 20})
    failed: list[object] = []
    for one in many:
        producer.produce(
            *(TOPIC, one.value, one.key),
            headers=one.headers,
            on_delivery=lambda error, _: failed.append(error) if error else None,
        )
        producer.poll(0)
    assert producer.flush(60) == 0
    assert not failed, failed[:3]


def ends(platform: Platform, topic: str) -> dict[int, int]:
    """Partition → where it ends now."""
    consumer = Consumer({**_client(platform), "group.id": f"test-{uuid.uuid4()}"})
    try:
        partitions = consumer.list_topics(topic, _TIMEOUT_S).topics[topic].partitions
        return {
            number: consumer.get_watermark_offsets(TopicPartition(topic, number), _TIMEOUT_S)[1]
            for number in partitions
        }
    finally:
        consumer.close()


def configure(platform: Platform, topic: str, name: str, value: str) -> None:
    """Set one of a topic's settings."""
    entry = ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
    wanted = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=[entry])
    admin = AdminClient(_client(platform))  # without a name it would be gone before it is answered
    for done in admin.incremental_alter_configs([wanted]).values():
        done.result(_TIMEOUT_S)


def records(platform: Platform, topic: str) -> Iterator[Message]:
    """Everything that a topic holds now, partition by partition."""
    consumer = Consumer(
        {
            **_client(platform),
            "group.id": f"test-{uuid.uuid4()}",
            "enable.auto.commit": False,
            "fetch.message.max.bytes": 16 << 20,
        }
    )
    try:
        partitions = consumer.list_topics(topic, _TIMEOUT_S).topics[topic].partitions
        waiting = {}
        for number in partitions:
            low, high = consumer.get_watermark_offsets(TopicPartition(topic, number), _TIMEOUT_S)
            if high > low:
                waiting[number] = (low, high)
        consumer.assign(
            [TopicPartition(topic, number, low) for number, (low, _) in waiting.items()]
        )
        deadline = time.monotonic() + 120
        while waiting and time.monotonic() < deadline:
            message = consumer.poll(1)
            if message is None or message.error():
                continue
            if message.partition() not in waiting:
                continue  # it came after this was asked
            yield message
            _, end = waiting.get(message.partition(), (0, 0))
            if message.offset() + 1 >= end:
                waiting.pop(message.partition(), None)
        assert not waiting, f"{topic}: partitions not read to their end: {waiting}"
    finally:
        consumer.close()


def _client(platform: Platform) -> dict[str, object]:
    return {
        "bootstrap.servers": f"127.0.0.1:{platform.here.ports['kafka']}",
        "broker.address.family": "v4",
        "reconnect.backoff.ms": 1000,
        "log_level": 2,  # a broker that is away is told by an exception, not 20 times a second
    }
