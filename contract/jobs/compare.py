"""POST /api/compare: do PostgreSQL, the topic and Cassandra hold the same rows of a table?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.json_record import JsonRecord
from contract.kafka.offsets import TopicOffset


@dataclass(frozen=True)
class CompareRequest(JsonRecord):
    """`table`: its name."""

    table: str


@dataclass(frozen=True)
class StoreSummary(JsonRecord):
    """`checksum`: 128 bits over every field of every row, as 32 hexadecimal digits."""

    count: int
    checksum: str


@dataclass(frozen=True)
class KeyDifference(JsonRecord):
    """One row that differs. Store names are postgres, topic, cassandra; values are not shown.

    `key`: its text (contract/table/key.py). `missing`: stores without the row. `fields`: store →
    columns that differ from PostgreSQL's row (from the topic's row if PostgreSQL has none).
    `outside_domain`: columns whose value in PostgreSQL no other store can hold. `newest_event`: on
    the topic; `cassandra_event`: the event that Cassandra's row comes from.
    """

    key: str
    missing: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]
    outside_domain: tuple[str, ...] = ()
    newest_event: TopicOffset | None = None
    cassandra_event: TopicOffset | None = None


@dataclass(frozen=True)
class OffsetGap(JsonRecord):
    """Offsets from `start` to `end` (exclusive) that no batch of the table's query covers."""

    partition: int
    start: int
    end: int

    def __str__(self) -> str:
        last = self.end - 1
        offsets = f"offset {last}" if last == self.start else f"offsets {self.start} to {last}"
        return f"{offsets} of partition {self.partition}"


@dataclass(frozen=True)
class UnaccountedOffset(JsonRecord):
    """A message that is neither decodable nor in the dead-letter topic."""

    partition: int
    offset: int
    reason: str


@dataclass(frozen=True)
class OffsetSummary(JsonRecord):
    """Counts of the topic's messages by their fate; the two lists are cut off at 20."""

    expected: int
    read: int
    events: int
    dead_letters: int
    undecodable: int
    unaccounted: int
    gaps: tuple[OffsetGap, ...] = ()
    unaccounted_first: tuple[UnaccountedOffset, ...] = ()


@dataclass(frozen=True)
class CompareResult(JsonRecord):
    """`equal`: no row differs. `ok`: equal, and every offset is accounted for. `differing`: how
    many rows differ; `keys`: the first 20. `expired_from_topic`: rows equal in both stores whose
    events retention has deleted from the topic."""

    table: str
    ok: bool
    equal: bool
    postgres: StoreSummary
    topic: StoreSummary
    cassandra: StoreSummary
    differing: int
    keys: tuple[KeyDifference, ...]
    expired_from_topic: int
    offsets: OffsetSummary
    took_s: float
