"""Makes the topics of tables and of capture, and sets the settings of those that exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    ResourceType,
)

from capture.clients.source import UnavailableError
from capture.settings import WORKER_TOPICS, Settings
from contract.kafka.retention import table_limits
from contract.kafka.topics import (
    CAPTURE,
    COMPACTED,
    COMPARISONS,
    ERASURES,
    Topic,
    dead_letters,
    events,
)
from contract.table.table import Table

TIMEOUT_S = 30
GIB = 1 << 30


def make_topics(settings: Settings, tables: Iterable[Table]) -> None:
    """Makes missing topics, adds missing partitions, and sets the settings of those that exist: of
    these tables, of capture itself, of the erasures of rows, and of comparisons.

    The topics of a table must exist before its first event, because Connect would make them with
    one partition.
    """
    admin = AdminClient({"bootstrap.servers": settings.kafka_bootstrap, "log_level": 3})
    try:
        present = admin.list_topics(timeout=TIMEOUT_S).topics
        for topic in (CAPTURE, ERASURES, COMPARISONS):
            _make(admin, settings, topic, present)
        for table in tables:
            for topic in topics_of(table, settings):
                _make(admin, settings, topic, present)
        for name in WORKER_TOPICS:
            if name in present:  # Connect makes them, and refuses them without this setting
                alter_settings(admin, name, COMPACTED)
    except KafkaException as error:
        raise unavailable(error) from error


def topics_of(table: Table, settings: Settings) -> list[Topic]:
    """Events and dead letters, with the installation's limits of their bytes."""
    limits = table_limits(settings.kafka_table_gib * GIB, settings.topic_partitions)
    return [
        replace(topic, settings=topic.settings | limit.settings())
        for topic, limit in (
            (events(table), limits.events),
            (dead_letters(table), limits.dead_letters),
        )
    ]


def _make(admin: AdminClient, settings: Settings, topic: Topic, present: Mapping[str, Any]) -> None:
    partitions = topic.partitions or settings.topic_partitions
    known = present.get(topic.name)
    if known is None:
        new = NewTopic(topic.name, partitions, settings.replication_factor, config=topic.settings)
        done(admin.create_topics([new], request_timeout=TIMEOUT_S))
        return
    if len(known.partitions) < partitions:
        print(
            f"capture: {topic.name} grows from {len(known.partitions)} to {partitions}"
            " partitions: a row's newer events go to another partition",
            flush=True,
        )
        grown = [NewPartitions(topic.name, partitions)]
        done(admin.create_partitions(grown, request_timeout=TIMEOUT_S))
    alter_settings(admin, topic.name, topic.settings)


def alter_settings(admin: AdminClient, topic: str, settings: Mapping[str, str]) -> None:
    """Sets these settings of a topic, and leaves its others. Raises KafkaException."""
    entries = [
        ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
        for name, value in settings.items()
    ]
    resource = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=entries)
    done(admin.incremental_alter_configs([resource], request_timeout=TIMEOUT_S))


def done(futures: dict[Any, Any]) -> None:
    """Waits for requests, which end after their `request_timeout`. Raises KafkaException."""
    for future in futures.values():
        future.result()


def unavailable(error: KafkaException) -> UnavailableError:
    """The error of a client, for the manager's report."""
    return UnavailableError(f"Kafka: {error.args[0].str()}")
