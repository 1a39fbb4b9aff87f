"""Divides the bytes that the installation gives to the topics of tables among them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from capture.clients.kafka import TIMEOUT_S, alter_settings, unavailable
from capture.clients.source import UnavailableError
from capture.settings import Settings
from contract.kafka.retention import SizeLimit, table_limits
from contract.kafka.topics import dead_letters, events
from contract.table.table import Table

GIB = 1 << 30


class Topics(Protocol):
    """Raises UnavailableError when Kafka does not answer."""

    def present(self) -> Collection[str]:
        """The names of all topics."""

    def limit(self, limits: Mapping[str, SizeLimit]) -> None:
        """Sets the limits of these topics."""


class KafkaTopics:
    def __init__(self, settings: Settings) -> None:
        self._admin = AdminClient({"bootstrap.servers": settings.kafka_bootstrap, "log_level": 3})

    def present(self) -> Collection[str]:
        try:
            return {*self._admin.list_topics(timeout=TIMEOUT_S).topics}
        except KafkaException as error:
            raise unavailable(error) from error

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

    settings: Settings
    topics: Topics
    report: Callable[[str], None]
    _applied: Mapping[str, SizeLimit] = field(default_factory=dict)
    _problem: str = ""

    def follow(self, tables: Collection[Table]) -> None:
        """Sets the limits of the topics of these tables that exist, if they are others than
        before. `tables`: all of the release. Raises nothing: the next call tries again."""
        partitions = self.settings.topic_partitions
        budget = self.settings.kafka_log_gib * GIB
        share = table_limits(budget, len(tables), partitions)
        limits = {events(table).name: share.events for table in tables}
        limits |= {dead_letters(table).name: share.dead_letters for table in tables}
        try:
            present = self.topics.present()
            limits = {topic: limit for topic, limit in limits.items() if topic in present}
            # A topic that was created again has lost its limit.
            self._applied = {name: each for name, each in self._applied.items() if name in present}
            changed = {
                topic: limit for topic, limit in limits.items() if self._applied.get(topic) != limit
            }
            self.topics.limit(changed)
        except UnavailableError as error:
            if str(error) != self._problem:
                self.report(f"the sizes of topics are not limited yet: {error}")
            self._problem = str(error)
            return
        self._problem, self._applied = "", limits
        total = len(tables) * share.largest(partitions)
        if changed and total > budget:
            self.report(
                f"the topics of {len(tables)} tables may take {-(-total // GIB)} GiB on each "
                f"broker, since each partition needs {share.events.largest >> 20} MiB: set "
                "KAFKA_LOG_GIB to that"
            )
