"""The reads of a comparison, as Protocols, so that its decisions are tested without a platform."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Protocol

from contract.kafka.change import Event
from contract.stores.cassandra.batches import BatchRecord, Offsets
from contract.table.table import Table
from control_center.jobs.compare.digest import Digest
from control_center.pipeline.dead_letter import MessageIdentity


class TopicSource(Protocol):
    """A table's topic and its dead-letter topic. Every method may raise UnreachableError."""

    def earliest(self) -> Offsets:
        """The first offset of the topic that retention has left."""
        ...

    def written(self) -> Offsets:
        """The end (exclusive) of the offsets that the table's query has written or refused; the end
        of the topic before its first batch."""
        ...

    def dead_letters_earliest(self) -> Offsets: ...

    def dead_letters_end(self) -> Offsets: ...

    def messages(
        self, start: Offsets, end: Offsets
    ) -> Iterator[tuple[MessageIdentity, bytes | None]]:
        """Identity and value of every message of the topic from start to end (exclusive)."""
        ...

    def origins(self, start: Offsets, end: Offsets) -> Iterator[MessageIdentity]:
        """The origin of every dead letter from start to end (exclusive)."""
        ...

    def decode(self, value: bytes | None) -> Event:
        """Raises UndecodableError."""
        ...


class Barrier(Protocol):
    """Waits for what PostgreSQL had committed when the barrier was made."""

    @property
    def position(self) -> int:
        """The position of PostgreSQL's WAL at that time, in bytes."""
        ...

    def has_passed(self) -> bool:
        """Has all of it come to Cassandra, or to the dead-letter topic? Raises
        UnreachableError."""
        ...


class Reader(TopicSource, Protocol):
    """The two stores and the batches of the table's query, besides the topics."""

    @property
    def table(self) -> Table: ...

    def postgres(self, keys: Collection[str] | None = None) -> dict[str, Digest]:
        """Key → digest of these rows, or of all."""
        ...

    def cassandra(self, keys: Collection[str] | None = None) -> dict[str, Digest]:
        """Key → digest of these rows, or of all."""
        ...

    def changed_since(self, keys: Collection[str], position: int) -> dict[str, Digest]:
        """Key → digest of those of these rows that Cassandra has from a change at or behind this
        position of PostgreSQL's WAL."""
        ...

    def barrier(self) -> Barrier: ...

    def batches(self) -> list[BatchRecord]:
        """The newest batches, newest first."""
        ...
