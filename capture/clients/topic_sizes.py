"""Divides the bytes that the installation gives to the topics of tables among them."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, ConfigResource, ResourceType

from capture.clients.source import UnavailableError
from capture.clients.topics import TIMEOUT_S, alter_settings, unavailable
from capture.settings import Settings
from contract.kafka.retention import SizeLimit, table_limits
from contract.kafka.topics import dead_letters, events
from contract.table.table import Table

GIB = 1 << 30
PAUSE_S = 10.0


class Topics(Protocol):
    """Raises UnavailableError when Kafka does not answer."""

    def settings(self, topics: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        """Topic → its settings, for those of these topics that exist."""

    def limit(self, limits: Mapping[str, SizeLimit]) -> None:
        """Sets the limits of these topics."""


class KafkaTopics:
    def __init__(self, settings: Settings) -> None:
        self._admin = AdminClient({"bootstrap.servers": settings.kafka_bootstrap, "log_level": 3})

    def settings(self, topics: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        try:
            present = self._admin.list_topics(timeout=TIMEOUT_S).topics
            known = [ConfigResource(ResourceType.TOPIC, name) for name in topics if name in present]
            answers = self._admin.describe_configs(known) if known else {}
            return {
                str(topic.name): {
                    name: str(entry.value) for name, entry in answer.result(TIMEOUT_S).items()
                }
                for topic, answer in answers.items()
            }
        except KafkaException as error:
            raise unavailable(error) from error
        except TimeoutError:
            raise UnavailableError(f"Kafka: no answer within {TIMEOUT_S} s") from None

    def limit(self, limits: Mapping[str, SizeLimit]) -> None:
        try:
            for topic, limit in limits.items():
                alter_settings(self._admin, topic, limit.settings())
        except KafkaException as error:
            raise unavailable(error) from error
        except TimeoutError:
            raise UnavailableError(f"Kafka: no answer within {TIMEOUT_S} s") from None


@dataclass
class TopicSizes:
    """Every table has the same share, which changes when a table comes or goes."""

    installation: Settings
    topics: Topics
    report: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    _next: float = float("-inf")
    _problem: str = ""
    _reported: int = 0

    def follow(self, tables: Collection[Table]) -> None:
        """Sets the limits of the topics of these tables that exist, if Kafka has others.
        `tables`: all of the release. Raises nothing: a later call tries again."""
        if self.clock() < self._next:
            return
        partitions = self.installation.topic_partitions
        budget = self.installation.kafka_log_gib * GIB
        share = table_limits(budget, len(tables), partitions)
        limits = {events(table).name: share.events for table in tables}
        limits |= {dead_letters(table).name: share.dead_letters for table in tables}
        try:
            present = self.topics.settings(limits)
            self.topics.limit(
                {
                    topic: limits[topic]
                    for topic, settings in present.items()
                    if not limits[topic].settings().items() <= settings.items()
                }
            )
            self._problem = ""
        except UnavailableError as error:
            if str(error) != self._problem:
                self.report(f"the sizes of topics are not limited yet: {error}")
            self._problem = str(error)
        self._next = self.clock() + PAUSE_S
        total = len(tables) * share.largest(partitions)
        if total > budget and total != self._reported:
            self.report(
                f"the topics of {len(tables)} tables may take {-(-total // GIB)} GiB on each "
                f"broker, since each partition needs {share.events.largest >> 20} MiB: set "
                "KAFKA_LOG_GIB to that"
            )
        self._reported = total
