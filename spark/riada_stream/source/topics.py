"""The job's topics, through the Kafka client that Spark brings."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from pyspark.sql import SparkSession

from contract.kafka.topics import DEAD_LETTERS
from contract.stores.cassandra.batches import Offsets
from riada_stream.runtime.jvm import JavaObject
from riada_stream.runtime.log import root_cause
from riada_stream.settings import DEAD_LETTER_TOPIC, TOPIC, Settings

log = logging.getLogger(__name__)

T = TypeVar("T")
TIMEOUT_MS = 10_000


@dataclass(frozen=True)
class TopicIdentity:
    """Kafka's id of TOPIC, and the connector manager's name of Kafka's log (contract/kafka/
    capture.py), "" while it is unknown."""

    topic_id: str
    log_id: str = ""


@dataclass(frozen=True)
class TopicState:
    """TOPIC in Kafka. Partition → offset of its first message, and of the next one to come."""

    identity: TopicIdentity
    first: Offsets
    end: Offsets


def not_ready_cause(spark: SparkSession, settings: Settings) -> str | None:
    """Why the job cannot use its topics yet; None when it can.

    The connector manager creates the topics before capture begins. The job creates the dead-letter
    topic itself when it is missing, since it may write to it first.
    """
    try:
        names = with_admin(spark, settings, _topic_names)
        if TOPIC not in names:
            return f"Kafka: topic {TOPIC} does not exist yet; the connector manager creates it"
        if DEAD_LETTER_TOPIC not in names:
            with_admin(spark, settings, _create_dead_letter_topic)
    except Exception as error:
        return f"Kafka at {settings.kafka_bootstrap}: {root_cause(error)}"
    return None


def read_state(spark: SparkSession, settings: Settings, log_id: str) -> TopicState:
    """Raises Kafka's errors."""
    return with_admin(spark, settings, partial(_state, log_id))


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


def _create_dead_letter_topic(admin: JavaObject, jvm: JavaObject) -> None:
    default = jvm.java.util.Optional.empty()
    topic = jvm.org.apache.kafka.clients.admin.NewTopic(DEAD_LETTER_TOPIC, default, default)
    topic.configs(jvm.java.util.HashMap(DEAD_LETTERS.settings))
    admin.createTopics(jvm.java.util.List.of(topic)).all().get()
    log.info("created topic %s", DEAD_LETTER_TOPIC)


def _state(log_id: str, admin: JavaObject, jvm: JavaObject) -> TopicState:
    topics = admin.describeTopics(jvm.java.util.List.of(TOPIC)).allTopicNames().get()
    description = topics.get(TOPIC)
    partitions = [partition.partition() for partition in description.partitions()]
    position = jvm.org.apache.kafka.clients.admin.OffsetSpec
    return TopicState(
        TopicIdentity(description.topicId().toString(), log_id),
        first=_offsets(admin, jvm, partitions, position.earliest()),
        end=_offsets(admin, jvm, partitions, position.latest()),
    )


def _offsets(
    admin: JavaObject, jvm: JavaObject, partitions: list[int], position: JavaObject
) -> Offsets:
    request = jvm.java.util.HashMap()
    for number in partitions:
        request.put(jvm.org.apache.kafka.common.TopicPartition(TOPIC, number), position)
    results = admin.listOffsets(request).all().get()
    return {partition.partition(): results.get(partition).offset() for partition in request}
