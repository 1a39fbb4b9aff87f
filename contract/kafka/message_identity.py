"""Which message of a table's topic does a dead letter come from?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from contract.kafka.change import UndecodableError
from contract.kafka.dead_letters import ORIGIN_OFFSET, ORIGIN_PARTITION, TIMESTAMP
from contract.kafka.offsets import TopicOffset
from contract.table.instant import milliseconds

HeaderList = Iterable[tuple[str, bytes | None]]


class MessageIdentity(NamedTuple):
    """A message of a table's topic. A topic that was deleted and created again uses its offsets
    again, so that the time when the message first came belongs to its identity (milliseconds since
    1970; None if it is unknown)."""

    place: TopicOffset
    first_ms: int | None

    @classmethod
    def of(
        cls, place: TopicOffset, timestamp_ms: int | None, headers: HeaderList
    ) -> MessageIdentity:
        """The identity of a message of a table's topic, which a dead letter of it has as
        origin()."""
        times = (timestamp_ms, first_ms(dict(headers)))
        return cls(place, min((ms for ms in times if ms is not None), default=None))


def origin(headers: HeaderList) -> MessageIdentity:
    """The message on the table's topic that a dead letter came from, by its headers; raises
    UndecodableError."""
    values = dict(headers)
    try:
        partition, offset = values[ORIGIN_PARTITION], values[ORIGIN_OFFSET]
        place = TopicOffset(int(partition or b""), int(offset or b""))
    except (KeyError, ValueError) as error:
        raise UndecodableError(f"is a dead letter without its origin: {error!r}") from error
    return MessageIdentity(place, first_ms(values))


def first_ms(headers: Mapping[str, bytes | None]) -> int | None:
    """When the message first came to the table's topic, by the headers of its dead letter."""
    first_at = moment(headers.get(TIMESTAMP))
    return milliseconds(first_at) if first_at else None


def moment(stamp: bytes | None) -> datetime | None:
    """An aware datetime; None where the header is missing or not ISO 8601 with an offset."""
    try:
        parsed = datetime.fromisoformat((stamp or b"").decode().replace("Z", "+00:00"))
    except ValueError:
        return None
    return parsed if parsed.tzinfo else None
