"""The topics of tables, through the Kafka client that Spark brings."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
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


def read_id(spark: SparkSession, settings: Settings, table: Table) -> str:
    """Kafka's id of the table's topic. Raises Kafka's errors."""
    return with_admin(spark, settings, partial(_id, events(table).name))


def with_admin(
    spark: SparkSession, settings: Settings, use: Callable[[JavaObject, JavaObject], T]
) -> T:
    """Returns `use(admin, jvm)`, with an admin client of Kafka."""
    jvm: JavaObject = spark._jvm
    properties = jvm.java.util.HashMap()
    properties.put("bootstrap.servers", settings.kafka_bootstrap)
    properties.put("request.timeout.ms", str(TIMEOUT_MS))
    properties.put("default.api.timeout.ms", str(TIMEOUT_MS))
    admin = jvm.org.apache.kafka.clients.admin.Admin.create(properties)
    try:
        return use(admin, jvm)
    finally:
        admin.close()


def _topic_names(admin: JavaObject, _jvm: JavaObject) -> set[str]:
    return set(admin.listTopics().names().get())


def _create(topic: Topic, admin: JavaObject, jvm: JavaObject) -> None:
    default = jvm.java.util.Optional.empty()
    new_topic = jvm.org.apache.kafka.clients.admin.NewTopic(topic.name, default, default)
    new_topic.configs(jvm.java.util.HashMap(topic.settings))
    admin.createTopics(jvm.java.util.List.of(new_topic)).all().get()
    log.info("created topic %s", topic.name)


def _id(name: str, admin: JavaObject, jvm: JavaObject) -> str:
    topics = admin.describeTopics(jvm.java.util.List.of(name)).allTopicNames().get()
    return str(topics.get(name).topicId().toString())


def _state(name: str, log_id: str, admin: JavaObject, jvm: JavaObject) -> TopicState:
    topics = admin.describeTopics(jvm.java.util.List.of(name)).allTopicNames().get()
    description = topics.get(name)
    position = jvm.org.apache.kafka.clients.admin.OffsetSpec
    places = {
        partition.partition(): jvm.org.apache.kafka.common.TopicPartition(
            name, partition.partition()
        )
        for partition in description.partitions()
    }
    return TopicState(
        name,
        TopicIdentity(description.topicId().toString(), log_id),
        first=_offsets(admin, jvm, places, position.earliest()),
        end=_offsets(admin, jvm, places, position.latest()),
    )


def _offsets(
    admin: JavaObject, jvm: JavaObject, places: Mapping[int, JavaObject], position: JavaObject
) -> Offsets:
    request = jvm.java.util.HashMap()
    for place in places.values():
        request.put(place, position)
    results = admin.listOffsets(request).all().get()
    return {number: results.get(place).offset() for number, place in places.items()}
