"""Kafka in memory: messages of topics, a consumer and a producer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from types import SimpleNamespace
from typing import Any

from confluent_kafka import TopicPartition

from contract.kafka.topics import dead_letters, events
from tests.control_center.sample_rows import COMMITTED_AT, TABLES

Delivered = Callable[[Any, Any], None]


class InMemoryMessage:
    """A message with the methods of confluent_kafka's Message."""

    def __init__(
        self,
        key: bytes | None,
        value: bytes | None,
        headers: Sequence[tuple[str, bytes | None]] = (),
        timestamp_ms: int = COMMITTED_AT + 250,
    ) -> None:
        self.place = TopicPartition("", 0, 0)
        self._key, self._value, self._headers = key, value, list(headers)
        self.time = 1, timestamp_ms

    def partition(self) -> int:
        return self.place.partition

    def offset(self) -> int:
        return self.place.offset

    def key(self) -> bytes | None:
        return self._key

    def value(self) -> bytes | None:
        return self._value

    def headers(self) -> list[tuple[str, bytes | None]]:
        return self._headers

    def timestamp(self) -> tuple[int, int]:
        return self.time

    def error(self) -> None:
        return None


class InMemoryKafka:
    """`topics`: name → partition → messages. `deleted`: (topic, partition) → how many of the first
    messages retention has deleted. `produced`: the arguments of each produced message; `error`:
    why the brokers refuse them all, or empty; `ids`: of topics. `keeps`: produced messages are on
    their topics afterwards. `changed_settings`: topic, name and value of each change."""

    component = "kafka-1"

    def __init__(self) -> None:
        self.topics: dict[str, dict[int, list[InMemoryMessage]]] = {}
        self.deleted: dict[tuple[str, int], int] = {}
        self.produced: list[dict[str, Any]] = []
        self.error = ""
        self.ids: dict[str, str] = {}
        self.keeps = False
        self.changed_settings: list[tuple[str, str, str]] = []

    def add(self, topic: str, partition: int, message: InMemoryMessage) -> None:
        messages = self.topics.setdefault(topic, {}).setdefault(partition, [])
        message.place = TopicPartition(topic, partition, len(messages))
        messages.append(message)

    def topic_id(self, topic: str) -> str:
        return self.ids.get(topic, "")

    def offsets(self, topic: str, spec: Any = None) -> dict[int, int]:
        """`spec`: None, or OffsetSpec.for_timestamp; -1 if no message is as young."""
        if spec is None:
            return {part: len(messages) for part, messages in self.topics.get(topic, {}).items()}
        earliest = self.earliest(topic)
        return {
            part: next(
                (
                    number
                    for number, item in enumerate(messages)
                    if number >= earliest[part] and item.time[1] >= spec._value
                ),
                -1,
            )
            for part, messages in self.topics.get(topic, {}).items()
        }

    def earliest(self, topic: str) -> dict[int, int]:
        return {part: self.deleted.get((topic, part), 0) for part in self.topics.get(topic, {})}

    def metadata(self, topic: str) -> SimpleNamespace:
        return SimpleNamespace(topics={topic: topic})

    def spans(self, topics: Collection[str]) -> dict[str, dict[int, tuple[int, int]]]:
        return {
            topic: {
                part: (self.earliest(topic)[part], end) for part, end in self.offsets(topic).items()
            }
            for topic in topics
        }

    def settings(self, topics: Collection[str], name: str) -> dict[str, str]:
        known = [*map(events, TABLES.values()), *map(dead_letters, TABLES.values())]
        changed = {where: value for where, what, value in self.changed_settings if what == name}
        return {
            topic.name: changed.get(topic.name, topic.settings[name])
            for topic in known
            if topic.name in topics
        }

    def change_setting(self, topic: str, name: str, value: str) -> None:
        self.changed_settings.append((topic, name, value))

    def delete_before(self, topic: str, partition: int, offset: int) -> None:
        self.deleted[topic, partition] = offset

    def consumer(self, **_: Any) -> InMemoryConsumer:
        return InMemoryConsumer(self)

    def producer(self) -> InMemoryProducer:
        return InMemoryProducer(self)


class InMemoryConsumer:
    """Delivers two messages of each partition at a time, also beyond the requested end."""

    def __init__(self, kafka: InMemoryKafka) -> None:
        self._kafka = kafka
        self._next: dict[tuple[str, int], int] = {}

    def assign(self, places: Sequence[TopicPartition]) -> None:
        self._next = {(place.topic, place.partition): place.offset for place in places}

    def incremental_unassign(self, places: Sequence[TopicPartition]) -> None:
        for place in places:
            del self._next[place.topic, place.partition]

    def consume(self, count: int, timeout_s: float) -> list[InMemoryMessage]:
        messages: list[InMemoryMessage] = []
        for (topic, part), first in self._next.items():
            messages += self._kafka.topics[topic][part][first : first + 2]
            self._next[topic, part] = first + 2
        return messages

    def close(self) -> None:
        self._next = {}


class InMemoryProducer:
    """Delivers at `flush`."""

    def __init__(self, kafka: InMemoryKafka) -> None:
        self._kafka = kafka
        self._waiting: list[tuple[Delivered, dict[str, Any]]] = []

    def produce(self, topic: str, value: Any, key: Any, partition: int, **options: Any) -> None:
        delivered = options.pop("on_delivery")
        arguments = {"topic": topic, "value": value, "key": key, "partition": partition} | options
        self._waiting.append((delivered, arguments))
        self._kafka.produced.append(arguments)

    def poll(self, timeout_s: float) -> None:
        pass

    def flush(self, timeout_s: float) -> int:
        text = self._kafka.error
        error = SimpleNamespace(str=lambda: text) if text else None
        for delivered, arguments in self._waiting:
            delivered(error, None if error else self._kept(arguments))
        self._waiting = []
        return 0

    def _kept(self, arguments: dict[str, Any]) -> InMemoryMessage | None:
        if not self._kafka.keeps:
            return None
        message = InMemoryMessage(
            arguments["key"],
            arguments["value"],
            arguments.get("headers", ()),
            arguments.get("timestamp", COMMITTED_AT),
        )
        self._kafka.add(arguments["topic"], max(0, arguments["partition"]), message)
        return message
