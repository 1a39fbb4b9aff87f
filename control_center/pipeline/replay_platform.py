"""Kafka and PostgreSQL, as far as a replay of dead letters uses them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Protocol

from contract.kafka.offsets import TopicOffset
from control_center.pipeline.dead_letter import DeadLetter
from control_center.pipeline.events import Event
from control_center.pipeline.topic_message import TopicMessage

Delivered = Callable[[str | None], None]  # is called with an error, or with None


class ReplayPlatform(Protocol):
    """Every method may raise UnreachableError."""

    def dead_letters(self, wanted: Collection[TopicOffset] | None) -> Iterator[TopicMessage]:
        """These dead letters, or all (None), that retention has left."""
        ...

    def held(self, ids: Collection[str]) -> set[str]:
        """Those of the ids that PostgreSQL holds."""
        ...

    def decode(self, value: bytes | None) -> Event:
        """Raises UndecodableError."""
        ...

    def produce(self, dead_letter: DeadLetter, delivered: Delivered) -> None:
        """Queues the message for the users topic; raises BufferError if the queue is full."""
        ...

    def poll(self, timeout_s: float) -> None:
        """Calls `delivered` of what the brokers have acknowledged."""
        ...

    def flush(self, timeout_s: float) -> int:
        """Waits until everything is acknowledged; returns how many messages are not."""
        ...
