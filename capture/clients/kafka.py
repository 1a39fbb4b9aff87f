"""Kafka as the manager uses it: it makes topics, and reads and writes the capture topic."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from confluent_kafka import (
    Consumer,
    KafkaException,
    Producer,
    TopicCollection,
    TopicPartition,
)
from confluent_kafka.admin import (
    AdminClient,
    OffsetSpec,
)

from capture.clients.source import UnavailableError
from capture.clients.topics import TIMEOUT_S, done, make_topics, unavailable
from capture.settings import WORKER_TOPICS, Settings
from contract.kafka.capture import TOPIC, Capture, EpochRequest, key, request_key
from contract.kafka.topics import CAPTURE, events
from contract.table.table import Table

NEEDED = (CAPTURE.name, *WORKER_TOPICS)
_OF_DATABASE = key("x").removesuffix("x")


class KafkaLog:
    """The records of one database, "" for the platform's own."""

    def __init__(self, settings: Settings, database: str = "") -> None:
        self._key = key(database)
        self._request = request_key(database)
        self._client: dict[str, Any] = {
            "bootstrap.servers": settings.kafka_bootstrap,
            "log_level": 3,
        }
        self._producer = Producer(self._client | {"acks": "all", "enable.idempotence": True})
        self._settings = settings
        self._values: dict[bytes, bytes] = {}
        self._connect()
        self._of_round: Any = None  # metadata

    def _connect(self) -> None:
        self._consumer = Consumer(
            self._client | {"group.id": "capture", "enable.auto.commit": False}
        )
        self._admin = AdminClient(self._client)
        self._next: int | None = None

    def _unavailable(self, error: KafkaException) -> UnavailableError:
        """Also makes new clients: after a change of leaders an old one may ask with the former
        epoch for ever (https://github.com/confluentinc/librdkafka/issues/4620)."""
        self._connect()
        return unavailable(error)

    def begin_round(self) -> None:
        self._of_round = None
        self._of_round = self._metadata()

    def newest(self) -> Capture | None:
        self._read()
        value = self._values.get(self._key.encode())
        return Capture.from_json(value) if value else None

    def others(self) -> dict[str, Capture]:
        """Name of another database → its newest record."""
        self._read()
        records = ((name.decode(), value) for name, value in self._values.items() if value)
        return {
            name.removeprefix(_OF_DATABASE): Capture.from_json(value)
            for name, value in records
            if name.startswith(_OF_DATABASE)
        }

    def requested(self) -> EpochRequest | None:
        value = self._values.get(self._request.encode())
        return EpochRequest.from_json(value) if value else None

    def publish(self, capture: Capture) -> None:
        self._produce(self._key, capture.to_json())

    def request(self, request: EpochRequest) -> None:
        """Asks the manager, which may run in another process."""
        self._produce(self._request, request.to_json())

    def cluster_id(self) -> str:
        return str(self._metadata().cluster_id)

    def messages(self, topics: Collection[str]) -> int:
        try:
            places = {
                TopicPartition(topic, partition): OffsetSpec.latest()
                for topic, partitions in self._partitions(topics).items()
                for partition in partitions
            }
            if not places:
                return 0
            ends = self._admin.list_offsets(places, request_timeout=TIMEOUT_S)
            return sum(end.result().offset for end in ends.values())
        except KafkaException as error:
            raise self._unavailable(error) from error

    def leaderless(self, topics: Collection[str]) -> list[str]:
        return [
            f"{topic}:{partition}"
            for topic, partitions in self._partitions(topics).items()
            for partition, described in partitions.items()
            if described.leader < 0
        ]

    def missing(self, topics: Collection[str]) -> list[str]:
        present = self._topics()
        return [name for name in (*NEEDED, *topics) if name not in present]

    def topic_ids(self, topics: Collection[str]) -> dict[str, str]:
        present = self._topics()
        if not (known := [topic for topic in topics if topic in present]):
            return {}
        try:
            asked = self._admin.describe_topics(TopicCollection(known), request_timeout=TIMEOUT_S)
            return {topic: str(asked[topic].result().topic_id) for topic in known}
        except KafkaException as error:
            raise self._unavailable(error) from error

    def make_topics(self, tables: Iterable[Table]) -> None:
        self._of_round = None
        make_topics(self._settings, tables)

    def check_deletable(self, tables: Iterable[Table]) -> None:
        self._of_round = None
        metadata, names = self._metadata(), {events(table).name for table in tables}
        replicas = {
            broker
            for name in names & metadata.topics.keys()
            for partition in metadata.topics[name].partitions.values()
            for broker in partition.replicas
        }
        if absent := sorted(replicas - metadata.brokers.keys()):
            raise UnavailableError(
                f"kafka-{absent[0]} does not answer: topics cannot be made again until it is back"
            )

    def delete_events(self, tables: Iterable[Table]) -> None:
        self._of_round = None
        names = [events(table).name for table in tables]
        try:
            if present := [name for name in names if name in self._topics()]:
                done(self._admin.delete_topics(present, request_timeout=TIMEOUT_S))
        except KafkaException as error:
            raise self._unavailable(error) from error
        # Brokers delete a topic after they have answered; until then none of its name can be made.
        until = time.monotonic() + TIMEOUT_S
        while left := [name for name in names if name in self._topics()]:
            if time.monotonic() > until:
                raise UnavailableError(f"Kafka: topics are not deleted yet: {', '.join(left)}")
            time.sleep(0.5)

    def _topics(self) -> Mapping[str, Any]:
        topics: Mapping[str, Any] = self._metadata().topics
        return topics

    def _metadata(self) -> Any:
        if self._of_round is not None:
            return self._of_round
        try:
            return self._consumer.list_topics(timeout=TIMEOUT_S)
        except KafkaException as error:
            raise self._unavailable(error) from error

    def _partitions(self, topics: Collection[str]) -> dict[str, Mapping[int, Any]]:
        return {name: topic.partitions for name, topic in self._topics().items() if name in topics}

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
            raise self._unavailable(error) from error
