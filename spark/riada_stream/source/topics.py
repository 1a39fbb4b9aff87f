"""The topics of tables, through the Kafka client that Spark brings."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from pyspark.sql import SparkSession

from contract.kafka.topics import Topic, dead_letters, events
from contract.stores.cassandra.batches import Offsets
from contract.table.table import Table
from riada_stream.runtime.jvm import JavaObject
from riada_stream.runtime.log import root_cause
from riada_stream.settings import Settings

log = logging.getLogger(__name__)

T = TypeVar("T")
Place = tuple[str, int]  # the name of a topic, and a partition
TIMEOUT_MS = 10_000


@dataclass(frozen=True)
class TopicIdentity:
    """Kafka's id of a topic, and the connector manager's name of Kafka's log (contract/kafka/
    capture.py), "" while it is unknown."""

    topic_id: str
    log_id: str = ""


@dataclass(frozen=True)
class TopicState:
    """A topic in Kafka. Partition → offset of its first message, and of the next one to come."""

    name: str
    identity: TopicIdentity
    first: Offsets
    end: Offsets


def not_ready_cause(spark: SparkSession, settings: Settings, table: Table) -> str | None:
    """Why the table's query cannot use its topics yet; None when it can.

    The connector manager creates the topics before capture begins. The job creates the dead-letter
    topic itself when it is missing, since it may write to it first.
    """
    topic, dead_letter_topic = events(table), dead_letters(table)
    try:
        names = with_admin(spark, settings, _topic_names)
        if topic.name not in names:
            return f"Kafka: topic {topic.name} does not exist yet; the connector manager creates it"
        if dead_letter_topic.name not in names:
            with_admin(spark, settings, partial(_create, dead_letter_topic))
    except Exception as error:
        return f"Kafka at {settings.kafka_bootstrap}: {root_cause(error)}"
    return None


def read_state(spark: SparkSession, settings: Settings, table: Table, log_id: str) -> TopicState:
    """Raises Kafka's errors."""
    return with_admin(spark, settings, partial(_state, events(table).name, log_id))


def with_admin(
    spark: SparkSession, settings: Settings, use: Callable[[JavaObject, JavaObject], T]
) -> T:
    """Returns `use(admin, jvm)`, with an admin client of Kafka."""
    jvm: JavaObject = spark._jvm
    admin = new_admin(jvm, settings)
    try:
        return use(admin, jvm)
    finally:
        admin.close()


def new_admin(jvm: JavaObject, settings: Settings) -> JavaObject:
    properties = jvm.java.util.HashMap()
    properties.put("bootstrap.servers", settings.kafka_bootstrap)
    properties.put("request.timeout.ms", str(TIMEOUT_MS))
    properties.put("default.api.timeout.ms", str(TIMEOUT_MS))
    return jvm.org.apache.kafka.clients.admin.Admin.create(properties)


def _topic_names(admin: JavaObject, _jvm: JavaObject) -> set[str]:
    return set(admin.listTopics().names().get())


def _create(topic: Topic, admin: JavaObject, jvm: JavaObject) -> None:
    default = jvm.java.util.Optional.empty()
    new_topic = jvm.org.apache.kafka.clients.admin.NewTopic(topic.name, default, default)
    new_topic.configs(jvm.java.util.HashMap(topic.settings))
    admin.createTopics(jvm.java.util.List.of(new_topic)).all().get()
    log.info("created topic %s", topic.name)


def _state(name: str, log_id: str, admin: JavaObject, jvm: JavaObject) -> TopicState:
    description = descriptions(admin, jvm, [name]).get(name)
    partitions = [partition.partition() for partition in description.partitions()]
    position = jvm.org.apache.kafka.clients.admin.OffsetSpec
    places = [(name, number) for number in partitions]
    first = offsets_at(admin, jvm, places, position.earliest())
    end = offsets_at(admin, jvm, places, position.latest())
    return TopicState(
        name,
        TopicIdentity(description.topicId().toString(), log_id),
        first={number: first[name, number] for number in partitions},
        end={number: end[name, number] for number in partitions},
    )


def descriptions(admin: JavaObject, jvm: JavaObject, names: Sequence[str]) -> JavaObject:
    """A map of Java: name → description."""
    topics = jvm.java.util.ArrayList()
    for name in names:
        topics.add(name)
    return admin.describeTopics(topics).allTopicNames().get()


def offsets_at(
    admin: JavaObject, jvm: JavaObject, places: Iterable[Place], position: JavaObject
) -> dict[Place, int]:
    """The offset at a position (earliest or latest) of each partition, in one request."""
    partitions = {
        place: jvm.org.apache.kafka.common.TopicPartition(place[0], place[1]) for place in places
    }
    request = jvm.java.util.HashMap()
    for partition in partitions.values():
        request.put(partition, position)
    results = admin.listOffsets(request).all().get()
    return {place: results.get(partition).offset() for place, partition in partitions.items()}
