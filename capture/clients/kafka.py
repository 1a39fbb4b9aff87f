"""Kafka as the manager uses it: it makes topics, and reads and writes the capture topic."""

from __future__ import annotations

import json
from typing import Any, Protocol

from confluent_kafka import (
    Consumer,
    KafkaException,
    Producer,
    TopicCollection,
    TopicPartition,
)
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    ResourceType,
)

from capture.clients.postgres import UnavailableError
from capture.settings import WORKER_TOPICS, Settings
from contract.kafka.capture import KEY, TOPIC, Capture
from contract.kafka.topics import TOPICS, USERS

TIMEOUT_S = 30
NEEDED = (*(topic.name for topic in TOPICS), *WORKER_TOPICS)
# Key of an operator's request: JSON {"after": EPOCH, "reason": …}.
REQUEST = "new-epoch"


class Log(Protocol):
    """The capture topic. Raises UnavailableError when Kafka does not answer."""

    def newest(self) -> Capture | None: ...

    def requested(self) -> tuple[int, str] | None:
        """An operator's request: the epoch that a new one must follow, and the reason."""

    def publish(self, capture: Capture) -> None:
        """Writes the record; returns once the brokers have it."""

    def messages(self) -> int:
        """The number of messages that were ever written to the users topic."""

    def leaderless(self) -> list[int]:
        """Partitions of the users topic that have no leader."""

    def missing(self) -> list[str]:
        """Topics that capture needs and that do not exist."""

    def topic_id(self) -> str:
        """Kafka's id of the users topic; it changes when the topic is created again."""


class KafkaLog:
    def __init__(self, settings: Settings) -> None:
        client: dict[str, Any] = {"bootstrap.servers": settings.kafka_bootstrap, "log_level": 3}
        self._producer = Producer(client | {"acks": "all", "enable.idempotence": True})
        self._consumer = Consumer(client | {"group.id": "capture", "enable.auto.commit": False})
        self._admin = AdminClient(client)
        self._values: dict[bytes, bytes] = {}
        self._next: int | None = None

    def newest(self) -> Capture | None:
        self._read()
        value = self._values.get(KEY.encode())
        return Capture.from_json(value) if value else None

    def requested(self) -> tuple[int, str] | None:
        value = self._values.get(REQUEST.encode())
        request = json.loads(value) if value else None
        return (request["after"], request["reason"]) if request else None

    def publish(self, capture: Capture) -> None:
        self._produce(KEY, capture.to_json())

    def request(self, after: int, reason: str) -> None:
        """Asks the manager, which may run in another process, for an epoch newer than `after`."""
        self._produce(REQUEST, json.dumps({"after": after, "reason": reason}))

    def messages(self) -> int:
        try:
            partitions = self._partitions()
            ends = [
                self._consumer.get_watermark_offsets(TopicPartition(USERS.name, part), TIMEOUT_S)[1]
                for part in partitions
            ]
        except KafkaException as error:
            raise _unavailable(error) from error
        return sum(ends)

    def leaderless(self) -> list[int]:
        try:
            return [part for part, described in self._partitions().items() if described.leader < 0]
        except KafkaException as error:
            raise _unavailable(error) from error

    def missing(self) -> list[str]:
        try:
            present = self._consumer.list_topics(timeout=TIMEOUT_S).topics
        except KafkaException as error:
            raise _unavailable(error) from error
        return [name for name in NEEDED if name not in present]

    def topic_id(self) -> str:
        try:
            asked = self._admin.describe_topics(TopicCollection([USERS.name]))
            return str(asked[USERS.name].result(TIMEOUT_S).topic_id)
        except KafkaException as error:
            raise _unavailable(error) from error

    def _partitions(self) -> Any:
        return self._consumer.list_topics(USERS.name, TIMEOUT_S).topics[USERS.name].partitions

    def _produce(self, key: str, value: str) -> None:
        failed: list[Any] = []
        self._producer.produce(
            TOPIC, value, key, on_delivery=lambda error, _: failed.append(error) if error else None
        )
        if self._producer.flush(TIMEOUT_S) or failed:
            self._producer.purge()
            cause = failed[0].str() if failed else f"no answer within {TIMEOUT_S} s"
            raise UnavailableError(f"Kafka: topic {TOPIC}: {cause}")

    def _read(self) -> None:
        """Reads up to the topic's end; a topic that was created again is read from its
        beginning."""
        try:
            start, end = self._consumer.get_watermark_offsets(TopicPartition(TOPIC, 0), TIMEOUT_S)
            if self._next is None or not start <= self._next <= end:
                self._values, self._next = {}, start
                self._consumer.assign([TopicPartition(TOPIC, 0, start)])
            while (self._next or 0) < end:
                message = self._consumer.poll(TIMEOUT_S)
                if message is None:
                    raise UnavailableError(f"Kafka: topic {TOPIC}: no message in {TIMEOUT_S} s")
                if message.error():
                    raise KafkaException(message.error())
                self._values[message.key() or b""] = message.value() or b""
                self._next = (message.offset() or 0) + 1
        except KafkaException as error:
            self._next = None
            raise _unavailable(error) from error


def make_topics(settings: Settings) -> None:
    """Makes missing topics, adds missing partitions, and sets the settings of those that exist.

    This runs before the worker starts, because Connect would make the users topic with one
    partition.
    """
    admin = AdminClient({"bootstrap.servers": settings.kafka_bootstrap, "log_level": 3})
    try:
        present = admin.list_topics(timeout=TIMEOUT_S).topics
        for topic in TOPICS:
            partitions = topic.partitions or settings.topic_partitions
            known = present.get(topic.name)
            if known is None:
                new = NewTopic(
                    topic.name, partitions, settings.replication_factor, config=topic.settings
                )
                _done(admin.create_topics([new], request_timeout=TIMEOUT_S))
                continue
            if len(known.partitions) < partitions:
                print(
                    f"capture: {topic.name} grows from {len(known.partitions)} to {partitions}"
                    " partitions: a person's newer events go to another partition",
                    flush=True,
                )
                _done(admin.create_partitions([NewPartitions(topic.name, partitions)]))
            entries = [
                ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
                for name, value in topic.settings.items()
            ]
            resource = ConfigResource(ResourceType.TOPIC, topic.name, incremental_configs=entries)
            _done(admin.incremental_alter_configs([resource]))
    except KafkaException as error:
        raise _unavailable(error) from error


def _done(futures: dict[Any, Any]) -> None:
    for future in futures.values():
        future.result(TIMEOUT_S)


def _unavailable(error: KafkaException) -> UnavailableError:
    return UnavailableError(f"Kafka: {error.args[0].str()}")
