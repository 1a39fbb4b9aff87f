"""What the manager needs of Kafka, as a Protocol."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from contract.kafka.capture import Capture, EpochRequest
from contract.table.table import Table


class Log(Protocol):
    """The capture topic. Raises UnavailableError when Kafka does not answer."""

    def begin_round(self) -> None:
        """Reads Kafka's metadata once for the questions of a round. They are read again after
        topics were made or deleted."""

    def newest(self) -> Capture | None: ...

    def requested(self) -> EpochRequest | None:
        """The newest request of an operator."""

    def publish(self, capture: Capture) -> None:
        """Writes the record; returns once the brokers have it."""

    def cluster_id(self) -> str:
        """Of Kafka's cluster. ZooKeeper holds it, and gives another one after it lost its data."""

    def messages(self, topics: Collection[str]) -> int:
        """The number of messages that were ever written to these topics."""

    def leaderless(self, topics: Collection[str]) -> list[str]:
        """Partitions of these topics that have no leader, as topic:0."""

    def missing(self, topics: Collection[str]) -> list[str]:
        """Those of these topics, and of the topics that capture itself needs, that do not exist."""

    def topic_ids(self, topics: Collection[str]) -> dict[str, str]:
        """Topic → Kafka's id of it, which changes when the topic is created again. A topic that
        does not exist is left out."""

    def make_topics(self, tables: Iterable[Table]) -> None:
        """Makes the topics of tables, if they are missing."""

    def check_deletable(self, tables: Iterable[Table]) -> None:
        """Raises UnavailableError while a broker with a replica of these tables' events topics is
        absent: Kafka would then hide the topics, and make none of their names until it is back."""

    def delete_events(self, tables: Iterable[Table]) -> None:
        """Deletes the events topics of tables, and returns once they are gone."""
