"""One dead letter, and the message that a replay sends for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from contract.kafka import retention
from contract.kafka.change import Event, UndecodableError
from contract.kafka.dead_letters import (
    HEADERS_CUT,
    KEY_CUT,
    OWN_HEADERS,
    REASON,
    TIMESTAMP,
    VALUE_CUT,
)
from contract.kafka.message_identity import MessageIdentity as MessageIdentity
from contract.kafka.message_identity import first_ms as first_ms
from contract.kafka.message_identity import moment
from contract.kafka.message_identity import origin as origin
from contract.kafka.offsets import TopicOffset
from control_center.pipeline.erasures.selection import Selection
from control_center.pipeline.topic_message import Headers, TopicMessage

# Invariant 7: an older event could bring an erased row back, as the tombstone is gone.
OLDEST = retention.TOPIC
REASON_LENGTH = 200
HEADER = "dead-letter"  # on a replayed message: the offset of its dead letter


class Decoder(Protocol):
    """The methods of control_center.pipeline.decoder.AvroDecoder that are used here."""

    def event(self, value: bytes | None) -> Event:
        """Raises UndecodableError."""
        ...

    def key(self, key: bytes | None) -> str | None:
        """The key's text; None for a key that is not a key of the table."""
        ...


class Refusal(str, Enum):
    """Why a dead letter is not sent again; the value is the field of ReplayOutcome."""

    WITHOUT_ORIGIN = "without_origin"
    CUT = "cut"  # the message was too large to be kept in full
    TOO_OLD = "too_old"
    ERASED = "erased"  # the row was erased after the message
    NOT_HELD = "not_held"  # PostgreSQL does not hold the row


@dataclass(frozen=True)
class DeadLetter:
    """`place`: its own offset. `partition` and `first_at` describe the message on the table's
    topic; None if the headers do not. `row_key`: the text of the row's key, from the value or else
    from the key; None if neither can be decoded. `deletes`: the value is a delete event. `headers`:
    the headers of the message itself."""

    place: TopicOffset
    partition: int | None
    first_at: datetime | None
    cut: bool
    row_key: str | None
    deletes: bool
    key: bytes | None
    value: bytes | None
    headers: Headers

    @classmethod
    def of(cls, message: TopicMessage, decoder: Decoder) -> DeadLetter:
        headers = dict(message.headers)
        event = _event(decoder, message.value)
        return cls(
            place=message.place,
            partition=_partition(message.headers),
            first_at=moment(headers.get(TIMESTAMP)),
            cut=any(name in headers for name in (KEY_CUT, VALUE_CUT, HEADERS_CUT)),
            row_key=event.key if event else decoder.key(message.key),
            deletes=event is not None and event.deleted,
            key=message.key,
            value=message.value,
            headers=tuple(
                (name, value)
                for name, value in message.headers
                if name not in (*OWN_HEADERS, HEADER)
            ),
        )

    def refusal(self, held: Collection[str], erased: Selection, now: datetime) -> Refusal | None:
        """Why the dead letter may not be sent, or None. `held`: the keys that PostgreSQL holds;
        `erased`: the rows that were erased."""
        if self.partition is None or self.first_at is None:
            return Refusal.WITHOUT_ORIGIN
        if self.cut:
            return Refusal.CUT
        if self.first_at < now - OLDEST:  # invariant 7
            return Refusal.TOO_OLD
        if self.row_key is not None and erased.has(self.row_key, self.timestamp_ms()):
            return Refusal.ERASED
        if self.row_key is not None and not self.deletes and self.row_key not in held:
            return Refusal.NOT_HELD  # invariant 7: an update could only bring back an erased row
        return None

    def timestamp_ms(self) -> int:
        """The timestamp to send: the time when the message first came to the table's topic."""
        assert self.first_at
        return round(self.first_at.timestamp() * 1000)

    def sent_headers(self) -> list[tuple[str, str | bytes | None]]:
        """The message's own headers, the dead letter's offset, and the first timestamp."""
        assert self.first_at
        first = self.first_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return [*self.headers, (HEADER, str(self.place).encode()), (TIMESTAMP, first.encode())]


def reason_of(headers: Headers) -> str:
    """The first REASON_LENGTH characters of the header `reason`."""
    text = dict(headers).get(REASON) or b"no reason given"
    return text.decode(errors="replace")[:REASON_LENGTH]


def identity(message: TopicMessage) -> MessageIdentity:
    """The identity of a message of a table's topic."""
    return MessageIdentity.of(message.place, message.timestamp_ms, message.headers)


def _partition(headers: Headers) -> int | None:
    try:
        return origin(headers).place.partition
    except UndecodableError:
        return None


def _event(decoder: Decoder, value: bytes | None) -> Event | None:
    try:
        return decoder.event(value)
    except UndecodableError:
        return None
