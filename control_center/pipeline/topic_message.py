"""A message of a topic, independent of Kafka's client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from confluent_kafka import Message

from contract.kafka.offsets import TopicOffset

Headers = tuple[tuple[str, bytes | None], ...]


@dataclass(frozen=True)
class TopicMessage:
    """`timestamp_ms`: since 1970, None for a message without a timestamp."""

    place: TopicOffset
    key: bytes | None
    value: bytes | None
    headers: Headers
    timestamp_ms: int | None

    @classmethod
    def of(cls, message: Message) -> TopicMessage:
        headers: Any = message.headers() or []
        kind, timestamp = message.timestamp()
        return cls(
            place=place(message),
            key=_bytes(message.key()),
            value=_bytes(message.value()),
            headers=tuple((name, _bytes(value)) for name, value in headers),
            timestamp_ms=timestamp if kind and timestamp > 0 else None,
        )


def place(message: Message) -> TopicOffset:
    """Partition and offset of a message that was read."""
    partition, offset = message.partition(), message.offset()
    assert partition is not None and offset is not None
    return TopicOffset(partition, offset)


def _bytes(value: bytes | str | None) -> bytes | None:
    return value.encode() if isinstance(value, str) else value
