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
from tests.harness.tables import USERS

TOPIC = topics.events(USERS).name
DEAD_LETTERS = topics.dead_letters(USERS).name
LARGEST = topics.events(USERS).settings["max.message.bytes"]  # bytes of the largest message
_TIMEOUT_S = 20
_READ_LIMIT_S = 120

Headers = list[tuple[str, str | bytes | None]]


@dataclass(frozen=True)
class TopicOffset:
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.partition}:{self.offset}"


class Record(NamedTuple):
    """A record before a producer sends it."""

    key: bytes | None
    value: bytes | None
    headers: Headers = []  # noqa: RUF012 (never changed)


@dataclass(frozen=True)
class StoredRecord:
    """A record that a consumer read."""

    position: TopicOffset
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: dict[str, str]  # bytes that are not UTF-8 are replaced

    @property
    def origin(self) -> TopicOffset:
        """The position from which a dead letter comes; raises KeyError for other records."""
        return TopicOffset(
            int(self.headers["origin.partition"]), int(self.headers["origin.offset"])
        )

    @property
    def uuid_key(self) -> str:
        """The UUID that is the record's key: its text is the end of the key's Avro."""
        return (self.key or b"")[-36:].decode(errors="replace")

    @property
    def is_avro(self) -> bool:
        return self.key is not None and (self.value or b"")[:1] == b"\0"


def delete_topic(platform: Platform, name: str) -> None:
    """Delete a topic if it exists."""
    admin = AdminClient(_client(platform))
    if name in admin.list_topics(timeout=_TIMEOUT_S).topics:
        admin.delete_topics([name])[name].result(_TIMEOUT_S)


def delete_messages(platform: Platform, topic: str) -> None:
    """Delete every message that the topic holds now, as retention does; later ones stay."""
    places = [TopicPartition(topic, number, end) for number, end in ends(platform, topic).items()]
    admin = AdminClient(_client(platform))
    for done in admin.delete_records(places).values():
        done.result(_TIMEOUT_S)


def produce(
    platform: Platform, key: bytes | None, value: bytes | None, topic: str = TOPIC
) -> TopicOffset:
    """Append one record to a topic and return its position."""
    delivered: list[Message] = []
    producer = Producer({**_client(platform), "message.max.bytes": LARGEST})
    producer.produce(topic, value, key, on_delivery=lambda _, message: delivered.append(message))
    producer.flush(_TIMEOUT_S)
    assert delivered and delivered[0].error() is None, delivered and delivered[0].error()
    return _position(delivered[0])


def produce_many(platform: Platform, records: list[Record], topic: str = TOPIC) -> None:
    """Append records to a topic; their keys choose the partitions."""
    producer = Producer({**_client(platform), "message.max.bytes": LARGEST, "linger.ms": 20})
    failed: list[object] = []
    for record in records:
        producer.produce(
            topic,
            record.value,
            record.key,
            headers=record.headers,
            on_delivery=lambda error, _: failed.append(error) if error else None,
        )
        producer.poll(0)
    assert producer.flush(60) == 0
    assert not failed, failed[:3]


def ends(platform: Platform, topic: str) -> dict[int, int]:
    """Partition → its end offset now."""
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
    """Change one setting of a topic."""
    entry = ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=[entry])
    admin = AdminClient(_client(platform))  # without a name it is freed before the answer arrives
    for done in admin.incremental_alter_configs([resource]).values():
        done.result(_TIMEOUT_S)


def records(platform: Platform, topic: str) -> Iterator[StoredRecord]:
    """All records that a topic holds now, partition by partition."""
    consumer = Consumer(
        {
            **_client(platform),
            "group.id": f"test-{uuid.uuid4()}",
            "enable.auto.commit": False,
            "fetch.message.max.bytes": 16 << 20,
        }
    )
    try:
        unread = _unread(consumer, topic)
        consumer.assign([TopicPartition(topic, number, low) for number, (low, _) in unread.items()])
        deadline = time.monotonic() + _READ_LIMIT_S
        while unread and time.monotonic() < deadline:
            message = consumer.poll(1)
            if message is None or message.error():
                continue
            position = _position(message)
            if position.partition not in unread:
                continue  # it arrived after the end offsets were read
            yield _stored(message)
            _, end = unread.get(position.partition, (0, 0))
            if position.offset + 1 >= end:
                unread.pop(position.partition, None)
        assert not unread, f"{topic}: partitions not read to their end: {unread}"
    finally:
        consumer.close()


def _unread(consumer: Consumer, topic: str) -> dict[int, tuple[int, int]]:
    """Partition → (first offset, end offset), of partitions that hold records."""
    unread = {}
    for number in consumer.list_topics(topic, _TIMEOUT_S).topics[topic].partitions:
        partition = TopicPartition(topic, number)
        low, high = consumer.get_watermark_offsets(partition, _TIMEOUT_S)
        if high > low:
            unread[number] = (low, high)
    return unread


def _position(message: Message) -> TopicOffset:
    partition, offset = message.partition(), message.offset()
    assert partition is not None and offset is not None, "the broker gave the record no position"
    return TopicOffset(partition, offset)


def _stored(message: Message) -> StoredRecord:
    return StoredRecord(
        _position(message),
        message.timestamp()[1],
        message.key(),
        message.value(),
        {name: _text(value) for name, value in _header_list(message)},
    )


def _header_list(message: Message) -> Headers:
    headers = message.headers() or []
    return list(headers.items()) if isinstance(headers, dict) else headers


def _text(value: str | bytes | None) -> str:
    return value if isinstance(value, str) else (value or b"").decode(errors="replace")


def _client(platform: Platform) -> dict[str, str | int | float | bool]:
    return {
        "bootstrap.servers": f"127.0.0.1:{platform.installation.ports['kafka']}",
        "broker.address.family": "v4",
        "reconnect.backoff.ms": 1000,
        "log_level": 2,  # an exception reports an unreachable broker, not 20 log lines a second
    }
