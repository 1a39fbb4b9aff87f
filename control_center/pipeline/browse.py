"""The message browser: messages of a topic with their key and value decoded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from confluent_kafka import Message

from contract.errors import InvalidInputError
from contract.kafka.events import schema_id
from control_center.clients.clients import Clients
from control_center.clients.kafka import Span
from control_center.config import COMPONENT, DEAD_LETTERS, TOPIC
from control_center.pipeline import messages
from control_center.pipeline.masking import masked

TOPICS = (TOPIC, DEAD_LETTERS)
SHOWN = 50
KEPT = 4096


@dataclass(frozen=True)
class Shown:
    """A message as it is shown. `record` is None where the value cannot be decoded: `undecodable`
    then says why. `headers` of dead letters tell reason and origin; `value` is cut off at KEPT."""

    partition: int
    offset: int
    at: datetime | None
    key: str
    schema_id: int | None
    record: dict[str, Any] | None
    undecodable: str
    headers: dict[str, str]
    size: int
    value: bytes

    @classmethod
    def of(cls, message: Message, decoder: messages.Decoder) -> Shown:
        partition, offset = messages.place(message)
        value = message.value() or b""
        record, undecodable = None, ""
        try:
            record = decoder.record(message.value())
        except messages.UndecodableError as error:
            undecodable = str(error)
        headers: Any = message.headers() or []
        kind, stamp = message.timestamp()
        return cls(
            partition=partition,
            offset=offset,
            at=datetime.fromtimestamp(stamp / 1000, UTC) if kind and stamp > 0 else None,
            key=_key(message.key(), decoder),
            schema_id=schema_id(value),
            record=record,
            undecodable=undecodable,
            headers={name: (text or b"").decode(errors="replace") for name, text in headers},
            size=len(value),
            value=value[:KEPT],
        )

    @property
    def place(self) -> str:
        """As people read it: partition and offset."""
        return f"{self.partition} : {self.offset}"

    def as_json(self, unmasked: bool) -> dict[str, Any]:
        """For the page and the API; people's data, and the bytes that hold it, only unmasked."""
        record = self.record if unmasked or self.record is None else masked(self.record)
        return {
            "partition": self.partition,
            "offset": self.offset,
            "at": self.at.isoformat(timespec="milliseconds") if self.at else None,
            "key": self.key,
            "schema_id": self.schema_id,
            "record": record,
            "undecodable": self.undecodable,
            "headers": self.headers,
            "bytes": self.size,
            "hex": self.value.hex(" ") if unmasked else self.value[:5].hex(" "),
        }


def spans(clients: Clients, topic: str) -> dict[int, Span]:
    """Partition → first offset and end of one of TOPICS; raises InvalidInputError for another one,
    UnreachableError."""
    if topic not in TOPICS:
        raise InvalidInputError(COMPONENT, f"use one of the topics {', '.join(TOPICS)}")
    return clients.kafka.spans(clients.kafka.metadata(topic).topics)[topic]


def browse(
    clients: Clients,
    topic: str,
    partition: int | None,
    offset: int | None,
    count: int = SHOWN,
    known: dict[int, Span] | None = None,
) -> list[Shown]:
    """The newest `count` messages, or those from `offset` of a partition on; newest first. `known`:
    the topic's spans, if they were asked for. Raises InvalidInputError for a partition that
    does not exist, UnreachableError."""
    found_at = known or spans(clients, topic)
    if partition is not None and partition not in found_at:
        partitions = ", ".join(map(str, sorted(found_at)))
        raise InvalidInputError(COMPONENT, f"{topic} has the partitions {partitions}")
    if offset is not None and partition is None:
        raise InvalidInputError(COMPONENT, "an offset needs a partition: give both")
    parts = sorted(found_at) if partition is None else [partition]
    start, end = {}, {}
    for part in parts:
        begin, stop = found_at[part]
        first = max(begin, stop - count if offset is None else offset)
        start[part], end[part] = first, min(stop, first + count)
    decoder = messages.Decoder(clients)
    found = [Shown.of(one, decoder) for one in messages.read(clients, start, end, topic)]
    found.sort(key=lambda one: (one.at or datetime.min.replace(tzinfo=UTC), one.offset))
    return found[::-1][:count] if offset is None else found[:count]


def _key(key: bytes | None, decoder: messages.Decoder) -> str:
    if key is None:
        return ""
    try:
        return str(decoder.record(key).get("id", ""))
    except messages.UndecodableError:
        return f"0x{key[:32].hex()}"
