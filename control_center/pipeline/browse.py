"""The message browser: messages of a topic with their key and value decoded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from confluent_kafka.admin import OffsetSpec

from contract.errors import InvalidInputError
from contract.kafka.events import PREFIX_LENGTH, schema_id
from contract.kafka.offsets import TopicOffset
from contract.kafka.topics import dead_letters, events
from contract.table.instant import moment
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.clients.kafka import Span
from control_center.config import COMPONENT
from control_center.pipeline import messages
from control_center.pipeline.decoder import AvroDecoder, Decoder
from control_center.pipeline.events import UndecodableError
from control_center.pipeline.masking import masked
from control_center.pipeline.stage_timestamps import iso
from control_center.pipeline.topic_message import TopicMessage

SHOWN = 50  # messages
SEARCHED = 20_000  # messages of a partition that a search by key reads
VALUE_BYTES = 4096
_NO_TIME = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class BrowsedMessage:
    """A message to be shown. `key`: the key's text, or its first 32 bytes in hexadecimal if it is
    not a key of the table. `record` is None if the value cannot be decoded, and `undecodable`
    says why. `headers` of dead letters name reason and origin. `size`: of the value, in bytes;
    `value` is cut off at VALUE_BYTES."""

    place: TopicOffset
    at: datetime | None
    key: str
    schema_id: int | None
    record: Mapping[str, Any] | None
    undecodable: str
    headers: Mapping[str, str]
    size: int
    value: bytes

    @classmethod
    def of(cls, message: TopicMessage, decoder: AvroDecoder) -> BrowsedMessage:
        """Raises UnreachableError if the Schema Registry does not answer."""
        value = message.value or b""
        record, undecodable = None, ""
        try:
            record = decoder.record(message.value)
        except UndecodableError as error:
            undecodable = str(error)
        return cls(
            place=message.place,
            at=moment(message.timestamp_ms),
            key=shown_key(message.key, decoder),
            schema_id=schema_id(value),
            record=record,
            undecodable=undecodable,
            headers={
                name: (text or b"").decode(errors="replace") for name, text in message.headers
            },
            size=len(value),
            value=value[:VALUE_BYTES],
        )

    @property
    def label(self) -> str:
        """Partition and offset for the pages: "0 : 12"."""
        return f"{self.place.partition} : {self.place.offset}"

    def to_json(self, table: Table, unmasked: bool) -> dict[str, Any]:
        """The message for the page and the API. Personal values, and the bytes that hold them, are
        only in the unmasked form; the prefix of the bytes names the schema."""
        record = self.record if unmasked or self.record is None else masked(table, self.record)
        return {
            "partition": self.place.partition,
            "offset": self.place.offset,
            "at": iso(self.at),
            "key": self.key,
            "schema_id": self.schema_id,
            "record": record,
            "undecodable": self.undecodable,
            "headers": self.headers,
            "bytes": self.size,
            "hex": (self.value if unmasked else self.value[:PREFIX_LENGTH]).hex(" "),
        }


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
    topic: str,
    partition: int | None,
    offset: int | None,
    count: int = SHOWN,
    known: dict[int, Span] | None = None,
    *,
    since: datetime | None = None,
    key: str = "",
) -> list[BrowsedMessage]:
    """The newest `count` messages, newest first; or the messages from `offset` of a partition on,
    or from the time `since` on, in their order. With `key` those of one key, among the newest
    SEARCHED messages of each partition or the first SEARCHED from the start. `known`: the topic's
    spans, if the caller has read them. Raises InvalidInputError for a place that does not exist,
    UnreachableError."""
    available = known or spans(clients, table, topic)
    if since is not None:
        if offset is not None:
            raise InvalidInputError(COMPONENT, "give an offset or a time, not both")
        available = from_time(clients, topic, available, since)
    forward = offset is not None or since is not None
    scanned = SEARCHED if key else count
    start, end = ranges(topic, available, partition, offset, scanned, from_start=since is not None)
    decoder = Decoder(clients, table)
    read = map(TopicMessage.of, messages.read(clients, start, end, topic))
    shown = [
        BrowsedMessage.of(message, decoder)
        for message in read
        if not key or shown_key(message.key, decoder) == key
    ]
    ordered = in_order(shown)
    return ordered[:count] if forward else ordered[::-1][:count]


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


def ranges(
    topic: str,
    available: Mapping[int, Span],
    partition: int | None,
    offset: int | None,
    count: int,
    *,
    from_start: bool = False,
) -> tuple[dict[int, int], dict[int, int]]:
    """Start and end of each partition to read, at most `count` messages each: from `offset` or from
    the first one on, otherwise the newest. Raises InvalidInputError."""
    if partition is not None and partition not in available:
        partitions = ", ".join(map(str, sorted(available)))
        raise InvalidInputError(COMPONENT, f"{topic} has the partitions {partitions}")
    if offset is not None and partition is None:
        raise InvalidInputError(COMPONENT, "an offset needs a partition: give both")
    start, end = {}, {}
    for part in sorted(available) if partition is None else [partition]:
        first, stop = available[part]
        if offset is not None and offset >= stop:
            held = f"the offsets {first} to {stop - 1}" if first < stop else "no message"
            raise InvalidInputError(COMPONENT, f"partition {part} has {held}")
        newest = first if from_start else stop - count
        begin = max(first, newest if offset is None else offset)
        start[part], end[part] = begin, min(stop, begin + count)
    return start, end


def in_order(shown: Iterable[BrowsedMessage]) -> list[BrowsedMessage]:
    """The order of messages: by time, then by offset; messages without a time come first."""
    return sorted(shown, key=lambda message: (message.at or _NO_TIME, message.place.offset))


def shown_key(key: bytes | None, decoder: AvroDecoder) -> str:
    """The key's text; the first 32 bytes in hexadecimal if it is not a key of the table."""
    if key is None:
        return ""
    text = decoder.key(key)
    return f"0x{key[:32].hex()}" if text is None else text
