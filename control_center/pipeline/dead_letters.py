"""Dead letters: messages that the streaming job could not write, with their origin and reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol

from confluent_kafka.admin import OffsetSpec

from contract.kafka import retention
from contract.kafka.dead_letters import ORIGIN_OFFSET, ORIGIN_PARTITION, REASON
from contract.kafka.offsets import TopicOffset
from control_center.clients.clients import Clients
from control_center.config import DEAD_LETTERS
from control_center.pipeline import messages
from control_center.pipeline.events import UndecodableError
from control_center.pipeline.messages import Headers, TopicMessage

# Invariant 7: an older event could bring an erased person back, as the tombstone is gone.
OLDEST = retention.TOPIC
REASON_LENGTH = 200

Ranges = Mapping[int, tuple[int, int]]  # partition → first offset, end (exclusive)


class Sent(Protocol):
    """The offsets of dead letters that were sent again (clients.replay_log)."""

    def __contains__(self, place: TopicOffset) -> bool: ...


@dataclass(frozen=True)
class Waiting:
    """`total`: all dead letters that were ever written; `waiting`: those that were not sent again
    and still may be; `reason`: of the newest of these, or empty."""

    total: int
    waiting: int
    reason: str


def waiting(clients: Clients) -> Waiting:
    """Raises UnreachableError."""
    ends = clients.kafka.offsets(DEAD_LETTERS)
    since = int((datetime.now(UTC) - OLDEST).timestamp() * 1000)
    starts = clients.kafka.offsets(DEAD_LETTERS, OffsetSpec.for_timestamp(since))
    ranges = young(starts, ends)
    count = sum(end - start for start, end in ranges.values()) - clients.replay_log.among(ranges)
    place = newest(ranges, clients.replay_log)
    return Waiting(sum(ends.values()), count, reason(clients, place) if place else "")


def young(starts: Mapping[int, int], ends: Mapping[int, int]) -> dict[int, tuple[int, int]]:
    """The ranges of dead letters that are not too old. `starts`: the first of each partition that
    is not, negative if all are too old."""
    return {part: (end if starts[part] < 0 else starts[part], end) for part, end in ends.items()}


def newest(ranges: Ranges, sent: Sent) -> TopicOffset | None:
    """Of the last dead letter of each partition that was not sent again, that with the highest
    offset; None without any."""
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


@lru_cache(maxsize=8)  # a dead letter never changes, and the probes ask every few seconds
def reason(clients: Clients, place: TopicOffset) -> str:
    """Why this dead letter could not be written, by its header; raises UnreachableError."""
    part, offset = place
    read = messages.read(clients, {part: offset}, {part: offset + 1}, DEAD_LETTERS)
    return reason_of(TopicMessage.of(next(read)).headers)


def reason_of(headers: Headers) -> str:
    """The first REASON_LENGTH characters of the header `reason`."""
    text = dict(headers).get(REASON) or b"no reason given"
    return text.decode(errors="replace")[:REASON_LENGTH]


def origin(headers: Iterable[tuple[str, bytes | None]]) -> TopicOffset:
    """The offset on the users topic that a dead letter came from, by its headers; raises
    UndecodableError."""
    values = dict(headers)
    try:
        partition, offset = values[ORIGIN_PARTITION], values[ORIGIN_OFFSET]
        return TopicOffset(int(partition or b""), int(offset or b""))
    except (KeyError, ValueError) as error:
        raise UndecodableError(f"is a dead letter without its origin: {error!r}") from error
