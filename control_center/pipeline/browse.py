"""The message browser: messages of a topic, newest first or from a place on, all or those that a
search finds."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from confluent_kafka.admin import OffsetSpec

from contract.errors import InvalidInputError
from contract.kafka.topics import dead_letters, events
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.clients.kafka import Span
from control_center.config import COMPONENT
from control_center.pipeline import messages
from control_center.pipeline.at_most import AtMost
from control_center.pipeline.browsed_message import BrowsedMessage
from control_center.pipeline.decoder import AvroDecoder, Decoder
from control_center.pipeline.scan import Limits, Scanned, scan
from control_center.pipeline.search_text import SearchText
from control_center.pipeline.topic_message import TopicMessage

SHOWN = 50  # messages
SEARCH = Limits(messages=60_000, seconds=8.0)
FIRST_STEP = 500  # messages of a partition that a search reads first
SEARCHES = AtMost(4, "searches among the messages of a topic")


@dataclass(frozen=True)
class Query:
    """What to show of a topic: the newest `count` messages, or those from `offset` of a partition
    on, or from the time `since` on. `key` and `contains`: see SearchText. `position`: where an
    earlier answer to the same query stopped (Scanned.position)."""

    topic: str
    partition: int | None = None
    offset: int | None = None
    since: datetime | None = None
    key: str = ""
    contains: str = ""
    position: Mapping[int, int] | None = None
    count: int = SHOWN

    @property
    def forward(self) -> bool:
        return self.offset is not None or self.since is not None

    @property
    def searches(self) -> bool:
        return bool(self.key or self.contains)


@dataclass(frozen=True)
class Page:
    """The messages of a query, and how far the topic was read for them."""

    query: Query
    scanned: Scanned

    @property
    def messages(self) -> list[BrowsedMessage]:
        """Newest first; from a place on in their order."""
        oldest_first = self.scanned.messages
        return oldest_first if self.query.forward else oldest_first[::-1]


def topics(table: Table) -> tuple[str, str]:
    """The names of the table's topics: of its events, and of its dead letters."""
    return events(table).name, dead_letters(table).name


def spans(clients: Clients, table: Table, topic: str) -> dict[int, Span]:
    """Partition → first offset and end of a topic of the table; raises InvalidInputError for
    another topic, UnreachableError."""
    if topic not in topics(table):
        raise InvalidInputError(COMPONENT, f"use one of the topics {', '.join(topics(table))}")
    return clients.kafka.spans(clients.kafka.metadata(topic).topics)[topic]


def browse(
    clients: Clients,
    table: Table,
    query: Query,
    *,
    unmasked: bool = False,
    known: Mapping[int, Span] | None = None,
    decoder: AvroDecoder | None = None,
    limits: Limits | None = None,
) -> Page:
    """`known`: the topic's spans, if the caller has read them, or the part of them to look at.
    `decoder`: of an earlier call. `limits`: SEARCH by default. Raises InvalidInputError for a place
    that does not exist, UnreachableError, TooManyReadingsError."""
    with SEARCHES.permit() if query.searches else nullcontext():
        return _browse(clients, table, query, unmasked, known, decoder, limits or SEARCH)


def _browse(
    clients: Clients,
    table: Table,
    query: Query,
    unmasked: bool,
    known: Mapping[int, Span] | None,
    decoder: AvroDecoder | None,
    limits: Limits,
) -> Page:
    available = spans(clients, table, query.topic) if known is None else known
    available = chosen(query, available)
    if query.since is not None:
        available = from_time(clients, query.topic, available, query.since)
    search = SearchText(
        table, decoder or Decoder(clients, table), query.key, query.contains, unmasked
    )
    scanned = scan(
        lambda start, end: map(TopicMessage.of, messages.read(clients, start, end, query.topic)),
        search.match,
        from_position(query, available),
        count=query.count,
        forward=query.forward,
        step=FIRST_STEP if query.searches else query.count,
        limits=limits,
    )
    return Page(query, scanned)


def from_time(
    clients: Clients, topic: str, available: Mapping[int, Span], since: datetime
) -> dict[int, Span]:
    """The spans without the messages before this time; raises UnreachableError."""
    spec = OffsetSpec.for_timestamp(int(since.timestamp() * 1000))
    offsets = clients.kafka.offsets(topic, spec)
    return {  # Kafka answers -1 if no message is as young
        part: (max(first, offsets[part]) if offsets[part] >= 0 else stop, stop)
        for part, (first, stop) in available.items()
    }


def chosen(query: Query, available: Mapping[int, Span]) -> dict[int, Span]:
    """The spans of the query's partition, from its offset on. Raises InvalidInputError for a place
    that does not exist."""
    if query.offset is not None and query.since is not None:
        raise InvalidInputError(COMPONENT, "give an offset or a time, not both")
    if query.partition is not None and query.partition not in available:
        partitions = ", ".join(map(str, sorted(available)))
        raise InvalidInputError(COMPONENT, f"{query.topic} has the partitions {partitions}")
    if query.offset is not None and query.partition is None:
        raise InvalidInputError(COMPONENT, "an offset needs a partition: give both")
    parts = sorted(available) if query.partition is None else [query.partition]
    result = {}
    for part in parts:
        first, stop = available[part]
        if query.offset is not None and query.offset >= stop:
            held = f"the offsets {first} to {stop - 1}" if first < stop else "no message"
            raise InvalidInputError(COMPONENT, f"partition {part} has {held}")
        result[part] = (max(first, query.offset or 0), stop)
    return result


def from_position(query: Query, available: Mapping[int, Span]) -> dict[int, Span]:
    """The spans that earlier answers have left over. A partition without a position is new; of
    messages that retention has deleted meanwhile nothing is left."""
    result = {}
    for part, (first, stop) in available.items():
        at = (query.position or {}).get(part)
        if at is not None:
            at = min(max(at, first), stop)
            first, stop = (at, stop) if query.forward else (first, at)
        result[part] = (first, stop)
    return result
