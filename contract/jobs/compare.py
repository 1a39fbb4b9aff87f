"""POST /api/compare: do PostgreSQL, the topic and Cassandra hold the same people?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.json_record import JsonRecord
from contract.kafka.offsets import TopicOffset


@dataclass(frozen=True)
class CompareRequest(JsonRecord):
    """No arguments."""


@dataclass(frozen=True)
class StoreSummary(JsonRecord):
    """`checksum`: 128 bits over every field of every person, as 32 hexadecimal digits."""

    count: int
    checksum: str


@dataclass(frozen=True)
class KeyDifference(JsonRecord):
    """One person that differs. Store names are postgres, topic, cassandra; values are not shown.

    `missing`: stores without the person. `fields`: store → columns that differ from PostgreSQL's
    row (from the topic's row if PostgreSQL has none). `outside_domain`: columns whose value in
    PostgreSQL no other store can hold. `newest_event`: on the topic; `cassandra_event`: the event
    that Cassandra's row comes from.
    """

    id: str
    missing: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]
    outside_domain: tuple[str, ...] = ()
    newest_event: TopicOffset | None = None
    cassandra_event: TopicOffset | None = None


@dataclass(frozen=True)
class OffsetGap(JsonRecord):
    """Offsets from `start` to `end` (exclusive) that no batch of the streaming job covers."""

    partition: int
    start: int
    end: int


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
    """`equal`: no person differs. `ok`: equal, and every offset is accounted for. `differing`: how
    many people differ; `keys`: the first 20. `expired_from_topic`: people equal in both stores
    whose events retention has deleted from the topic."""

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
