"""Kafka: metadata of the cluster, offsets and settings of topics, consumers and producers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any, Protocol, TypeVar

from confluent_kafka import (
    Consumer,
    KafkaError,
    KafkaException,
    Producer,
    TopicCollection,
    TopicPartition,
)
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ClusterMetadata,
    ConfigEntry,
    ConfigResource,
    ListOffsetsResultInfo,
    OffsetSpec,
    ResourceType,
    TopicDescription,
    TopicMetadata,
)

from contract.errors import UnreachableError
from contract.health.component import component_of
from contract.kafka.topics import LARGEST_REQUEST
from control_center.config import LARGEST_MESSAGE, Settings

TIMEOUT_S = 4.0
# After a change of leaders a client may ask with the former epoch for ever:
# https://github.com/confluentinc/librdkafka/issues/4620
STALE = (
    KafkaError.FENCED_LEADER_EPOCH,
    KafkaError.UNKNOWN_LEADER_EPOCH,
    KafkaError._TIMED_OUT,
)

# Of an answer after its request has timed out.
GRACE_S = 1.0

T = TypeVar("T")

# A partition's first existing offset, and its end (exclusive).
Span = tuple[int, int]


class Admin(Protocol):
    """The calls of confluent_kafka.admin.AdminClient that are used here."""

    def list_topics(self, topic: str | None = None, timeout: float = -1) -> ClusterMetadata: ...

    def list_offsets(
        self, topic_partition_offsets: dict[TopicPartition, OffsetSpec], **options: Any
    ) -> dict[TopicPartition, Future[ListOffsetsResultInfo]]: ...

    def describe_topics(
        self, topics: TopicCollection, **options: Any
    ) -> dict[str, Future[TopicDescription]]: ...

    def describe_configs(
        self, resources: list[ConfigResource], **options: Any
    ) -> dict[ConfigResource, Future[dict[str, ConfigEntry]]]: ...

    def incremental_alter_configs(
        self, resources: list[ConfigResource], **options: Any
    ) -> dict[ConfigResource, Future[None]]: ...

    def delete_records(
        self, topic_partition_offsets: list[TopicPartition], **options: Any
    ) -> dict[TopicPartition, Future[Any]]: ...


def config(settings: Settings, **extra: Any) -> dict[str, Any]:
    """Settings of librdkafka, without log lines about brokers: the probes report those faults."""
    return {
        "bootstrap.servers": ",".join(settings.kafka_bootstrap),
        "client.id": "control-center",
        "socket.timeout.ms": int(TIMEOUT_S * 1000),
        "reconnect.backoff.max.ms": 2000,
        "log_level": 0,
        **extra,
    }


def _result(answer: Future[T]) -> T:
    """Raises KafkaException. An answer of a client that another thread has replaced and nothing
    refers to may stay open for ever, so the methods below keep their client."""
    try:
        return answer.result(TIMEOUT_S + GRACE_S)
    except FutureTimeout:
        raise KafkaException(KafkaError(KafkaError._TIMED_OUT, "no answer")) from None


class Kafka:
    """The process uses one admin client at a time. Every method raises UnreachableError."""

    def __init__(self, settings: Settings, connect: Callable[[], Admin] | None = None) -> None:
        self._settings = settings
        self._connect = connect or self._admin_client
        self._admin = self._connect()

    def _admin_client(self) -> Admin:
        return AdminClient(config(self._settings, **{"topic.metadata.refresh.interval.ms": -1}))

    def metadata(self, topic: str) -> ClusterMetadata:
        """The brokers and the topic's partitions."""
        admin = self._admin
        try:
            return admin.list_topics(topic, timeout=TIMEOUT_S)
        except KafkaException as error:
            raise self._unreachable(admin, "gives no metadata", error.args[0]) from error

    def topics(self) -> dict[str, TopicMetadata]:
        """Name → partitions of every topic except Kafka's own."""
        admin = self._admin
        try:
            topics = admin.list_topics(timeout=TIMEOUT_S).topics
        except KafkaException as error:
            raise self._unreachable(admin, "gives no metadata", error.args[0]) from error
        return {name: topic for name, topic in topics.items() if not name.startswith("__")}

    def topic_id(self, topic: str) -> str:
        """Kafka's id of a topic, in hexadecimal digits; "" without that topic. A topic that is
        created again has another id, and uses its offsets again."""
        admin = self._admin
        answers = admin.describe_topics(TopicCollection([topic]), request_timeout=TIMEOUT_S)
        try:
            uuid: Any = _result(answers[topic]).topic_id
        except KafkaException as error:
            if error.args[0].code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
                return ""
            raise self._unreachable(admin, "does not describe topics", error.args[0]) from error
        halves = (uuid.get_most_significant_bits(), uuid.get_least_significant_bits())
        return "".join(f"{half % (1 << 64):016x}" for half in halves)

    def offsets(self, topic: str, spec: OffsetSpec | None = None) -> dict[int, int]:
        """Partition → end offset (or the offset that `spec` selects); {} without that topic."""
        admin = self._admin
        described = self.metadata(topic).topics[topic]
        if described.error is not None:
            if described.error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
                return {}
            raise self._unreachable(admin, f"does not describe {topic}", described.error)
        partitions = [TopicPartition(topic, partition) for partition in described.partitions]
        request = dict.fromkeys(partitions, spec or OffsetSpec.latest())
        try:
            answers = admin.list_offsets(request, request_timeout=TIMEOUT_S)
            return {part.partition: _result(answer).offset for part, answer in answers.items()}
        except KafkaException as error:
            raise self._unreachable(admin, "gives no offsets", error.args[0]) from error

    def spans(self, topics: Mapping[str, TopicMetadata]) -> dict[str, dict[int, Span]]:
        """Topic → partition → first offset and end, for all topics in one request."""
        admin = self._admin
        partitions = [
            TopicPartition(name, number) for name in topics for number in topics[name].partitions
        ]
        first_offsets, ends = (
            admin.list_offsets(dict.fromkeys(partitions, spec), request_timeout=TIMEOUT_S)
            for spec in (OffsetSpec.earliest(), OffsetSpec.latest())
        )
        spans: dict[str, dict[int, Span]] = {name: {} for name in topics}
        try:
            for part in partitions:
                first, end = _result(first_offsets[part]).offset, _result(ends[part]).offset
                spans[part.topic][part.partition] = (first, end)
        except KafkaException as error:
            raise self._unreachable(admin, "gives no offsets", error.args[0]) from error
        return spans

    def settings(self, topics: Iterable[str], name: str) -> dict[str, str]:
        """Topic → its setting, for the topics that exist, in one request."""
        return {topic: values[name] for topic, values in self.all_settings(topics).items()}

    def all_settings(self, topics: Iterable[str]) -> dict[str, dict[str, str]]:
        """Topic → name → value of its settings, for the topics that exist, in one request."""
        admin = self._admin
        resources = [ConfigResource(ResourceType.TOPIC, topic) for topic in topics]
        if not resources:
            return {}
        values: dict[str, dict[str, str]] = {}
        answers = admin.describe_configs(resources, request_timeout=TIMEOUT_S)
        for resource, answer in answers.items():
            try:
                entries = _result(answer).items()
                values[str(resource.name)] = {name: str(entry.value) for name, entry in entries}
            except KafkaException as error:
                if error.args[0].code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
                    raise self._unreachable(admin, "gives no settings", error.args[0]) from error
        return values

    def change_setting(self, topic: str, name: str, value: str) -> None:
        """Gives a topic another setting."""
        admin = self._admin
        entry = ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
        resource = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=[entry])
        answers = admin.incremental_alter_configs([resource], request_timeout=TIMEOUT_S)
        try:
            _result(answers[resource])
        except KafkaException as error:
            raise self._unreachable(
                admin, f"does not set {name} of {topic}", error.args[0]
            ) from error

    def delete_before(self, topic: str, partition: int, offset: int) -> None:
        """Removes the messages of a partition below this offset. Their bytes leave the disk with
        their segments, which the brokers delete minutes later."""
        admin = self._admin
        place = TopicPartition(topic, partition, offset)
        answers = admin.delete_records([place], request_timeout=TIMEOUT_S)
        try:
            for answer in answers.values():
                _result(answer)
        except KafkaException as error:
            raise self._unreachable(
                admin, f"does not delete from {topic}", error.args[0]
            ) from error

    def earliest(self, topic: str) -> dict[int, int]:
        """Partition → the first offset that still exists."""
        return self.offsets(topic, OffsetSpec.earliest())

    def consumer(self, **extra: Any) -> Consumer:
        """A consumer that commits no offsets and joins no group."""
        return Consumer(
            config(
                self._settings,
                **{
                    "group.id": "control-center",
                    "enable.auto.commit": False,
                    "enable.partition.eof": False,
                    "auto.offset.reset": "error",
                    "fetch.message.max.bytes": LARGEST_MESSAGE,
                    "queued.max.messages.kbytes": 2 * LARGEST_MESSAGE >> 10,  # 64 MiB by default
                    **extra,
                },
            )
        )

    @property
    def component(self) -> str:
        """The first broker: the service whose log to read when the cluster does not answer."""
        return component_of(self._settings.kafka_bootstrap[0])

    def _unreachable(self, admin: Admin, cause: str, error: KafkaError) -> UnreachableError:
        """Also makes a new client, if the old one may not recover and no other thread made one."""
        if error.code() in STALE and self._admin is admin:
            self._admin = self._connect()
        return UnreachableError(self.component, f"the cluster {cause} ({error.str()})")

    def producer(self) -> Producer:
        """A producer that counts a message as sent when every in-sync replica has it."""
        return Producer(
            config(
                self._settings,
                **{
                    "enable.idempotence": True,
                    "message.max.bytes": LARGEST_REQUEST,
                    "compression.type": "lz4",
                    "partitioner": "murmur2_random",  # as Kafka Connect
                    "delivery.timeout.ms": 20_000,
                },
            )
        )
