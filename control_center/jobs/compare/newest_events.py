"""The newest event of every row on the topic."""

from __future__ import annotations

from typing import NamedTuple

from contract.kafka.offsets import TopicOffset
from control_center.jobs.compare.digest import Digest


class NewestEvent(NamedTuple):
    """`digest` is None for a delete. Partition and offset are two numbers, since a TopicOffset for
    each row would take 60 MiB more for a million rows."""

    version: int
    digest: Digest | None
    partition: int
    offset: int

    @property
    def place(self) -> TopicOffset:
        return TopicOffset(self.partition, self.offset)


class NewestEvents:
    """Invariant 3: the event with the highest version counts, not the last read event."""

    def __init__(self) -> None:
        self._events: dict[str, NewestEvent] = {}

    def add(self, key: str, event: NewestEvent) -> None:
        """Keeps the event unless a newer one of this row is known."""
        known = self._events.get(key)
        if known is None or event.version >= known.version:
            self._events[key] = event

    def get(self, key: str) -> NewestEvent | None:
        """The row's newest event, which may be a delete; None without an event."""
        return self._events.get(key)

    def digests(self) -> dict[str, Digest]:
        """Key → digest of every row whose newest event is not a delete."""
        return {
            key: event.digest for key, event in self._events.items() if event.digest is not None
        }
