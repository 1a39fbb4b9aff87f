"""Dead letters: messages that the streaming job could not write, with their origin and reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from confluent_kafka import Message
from confluent_kafka.admin import OffsetSpec

from contract.kafka import retention
from control_center.clients.clients import Clients
from control_center.clients.replay_log import TopicOffset
from control_center.config import DEAD_LETTERS
from control_center.pipeline import messages
from control_center.pipeline.messages import UndecodableError

OLDEST = retention.TOPIC
"""Invariant 7: an older event could bring an erased person back, whose tombstone is gone."""


@dataclass(frozen=True)
class Waiting:
    """`total`: letters that there ever were; `waiting`: those not sent again that may still be;
    `reason`: of the newest of these."""

    total: int
    waiting: int
    reason: str


def waiting(clients: Clients) -> Waiting:
    """Raises UnreachableError."""
    ends = clients.kafka.offsets(DEAD_LETTERS)
    since = int((datetime.now(UTC) - OLDEST).timestamp() * 1000)
    starts = clients.kafka.offsets(DEAD_LETTERS, OffsetSpec.for_timestamp(since))
    # -1: there is none so young
    spans = {part: (end if starts[part] < 0 else starts[part], end) for part, end in ends.items()}
    count = sum(end - start for start, end in spans.values()) - clients.replay_log.among(spans)
    newest = max(
        (
            (part, offset)
            for part, (start, end) in spans.items()
            if (offset := _newest(clients, part, start, end)) is not None
        ),
        key=lambda place: place[1],
        default=None,
    )
    return Waiting(sum(ends.values()), count, reason(clients, newest) if newest else "")


def _newest(clients: Clients, part: int, start: int, end: int) -> int | None:
    """The last letter of a partition that was not sent again."""
    return next(
        (at for at in range(end - 1, start - 1, -1) if (part, at) not in clients.replay_log), None
    )


@lru_cache(maxsize=8)
def reason(clients: Clients, place: TopicOffset) -> str:
    """Why this letter could not be written, by its header; raises UnreachableError."""
    partition, offset = place
    letters = messages.read(clients, {partition: offset}, {partition: offset + 1}, DEAD_LETTERS)
    headers: dict[str, Any] = dict(next(letters).headers() or [])  # type: ignore[arg-type]
    return (headers.get("reason") or b"no reason given").decode(errors="replace")[:200]


def origin(message: Message) -> tuple[int, int]:
    """Partition and offset on the topic that a dead letter came from (its headers)."""
    headers: dict[str, Any] = dict(message.headers() or [])  # type: ignore[arg-type]
    try:
        return int(headers["origin.partition"]), int(headers["origin.offset"])
    except (KeyError, TypeError, ValueError) as error:
        raise UndecodableError(f"a dead letter without its origin: {error!r}") from error
