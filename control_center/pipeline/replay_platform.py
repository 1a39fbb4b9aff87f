"""The calls of Kafka and PostgreSQL that a replay of dead letters uses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Protocol

from contract.kafka.offsets import TopicOffset
from control_center.pipeline.dead_letter import DeadLetter, Decoder
from control_center.pipeline.erasures.selection import Selection
from control_center.pipeline.topic_message import TopicMessage

Delivered = Callable[[str | None], None]  # its argument is an error or None


class ReplayPlatform(Protocol):
    """Every method may raise UnreachableError."""

    def dead_letters(self, wanted: Collection[TopicOffset] | None) -> Iterator[TopicMessage]:
        """These dead letters, or all (None), without those that retention has deleted."""
        ...

    @property
    def decoder(self) -> Decoder: ...

    def held(self, keys: Collection[str]) -> set[str]:
        """The keys among these whose rows PostgreSQL holds."""
        ...

    def erased(self) -> Selection:
        """The rows of the table that were erased."""
        ...

    def produce(self, dead_letter: DeadLetter, delivered: Delivered) -> None:
        """Queues the message for the table's topic; raises BufferError if the queue is full."""
        ...

    def poll(self, timeout_s: float) -> None:
        """Calls `delivered` for each message that the brokers have acknowledged."""
        ...

    def flush(self, timeout_s: float) -> int:
        """Waits until all messages are acknowledged; returns the number of those that are not."""
        ...
