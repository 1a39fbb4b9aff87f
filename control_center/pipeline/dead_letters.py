"""Dead letters: messages that the streaming job could not write, with their origin and reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol

from confluent_kafka.admin import OffsetSpec

from contract.kafka import topics
from contract.kafka.offsets import TopicOffset
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.pipeline import messages
from control_center.pipeline.dead_letter import OLDEST, reason_of
from control_center.pipeline.topic_message import TopicMessage

Ranges = Mapping[int, tuple[int, int]]  # partition → first offset, end (exclusive)


class Sent(Protocol):
    """The offsets of dead letters that were sent again (clients.replay_log)."""

    def __contains__(self, place: TopicOffset) -> bool: ...


@dataclass(frozen=True)
class Waiting:
    """`total`: the number of dead letters ever written; `waiting`: the number that were not
    replayed and still may be; `reason`: the reason of the newest waiting one, or empty."""

    total: int
    waiting: int
    reason: str


def waiting(clients: Clients, table: Table) -> Waiting:
    """The dead letters of the table. Raises UnreachableError."""
    topic, log = topics.dead_letters(table).name, clients.replay_log(table)
    ends = clients.kafka.offsets(topic)
    since = int((datetime.now(UTC) - OLDEST).timestamp() * 1000)
    starts = clients.kafka.offsets(topic, OffsetSpec.for_timestamp(since))
    ranges = young(starts, ends)
    count = sum(end - start for start, end in ranges.values()) - log.among(ranges)
    place = newest(ranges, log)
    newest_reason = reason(clients, topic, log.topic_id, place) if place else ""
    return Waiting(sum(ends.values()) - log.copies, count, newest_reason)


def young(starts: Mapping[int, int], ends: Mapping[int, int]) -> dict[int, tuple[int, int]]:
    """The ranges of dead letters that are not too old. `starts`: the first young dead letter of
    each partition, negative if all are too old."""
    return {part: (end if starts[part] < 0 else starts[part], end) for part, end in ends.items()}


def newest(ranges: Ranges, sent: Sent) -> TopicOffset | None:
    """The newest dead letter that was not replayed: the highest offset over all partitions; None if
    there is none."""
    last = (
        next(
            (
                TopicOffset(part, offset)
                for offset in range(end - 1, start - 1, -1)
                if TopicOffset(part, offset) not in sent
            ),
            None,
        )
        for part, (start, end) in ranges.items()
    )
    return max((place for place in last if place), key=lambda place: place.offset, default=None)


@lru_cache(maxsize=64)  # a dead letter never changes, and the probes read it every few seconds
def reason(clients: Clients, topic: str, topic_id: str, place: TopicOffset) -> str:
    """The reason in the header of this dead letter; raises UnreachableError. `topic_id` tells it
    from one of a former topic, whose reason may be known."""
    part, offset = place
    read = messages.read(clients, {part: offset}, {part: offset + 1}, topic)
    return reason_of(TopicMessage.of(next(read)).headers)
