"""A message of a topic with its key and value decoded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from contract.kafka.change import UndecodableError
from contract.kafka.events import PREFIX_LENGTH, schema_id
from contract.kafka.offsets import TopicOffset
from contract.table.instant import moment
from contract.table.table import Table
from control_center.pipeline.decoder import AvroDecoder
from control_center.pipeline.masking import masked
from control_center.pipeline.stage_timestamps import iso
from control_center.pipeline.topic_message import TopicMessage

VALUE_BYTES = 4096
NO_TIME = datetime.min.replace(tzinfo=UTC)


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


def in_order(shown: Iterable[BrowsedMessage]) -> list[BrowsedMessage]:
    """The order of messages: by time, then by offset; messages without a time come first."""
    return sorted(shown, key=lambda message: (message.at or NO_TIME, message.place.offset))


def shown_key(key: bytes | None, decoder: AvroDecoder) -> str:
    """The key's text; the first 32 bytes in hexadecimal if it is not a key of the table."""
    if key is None:
        return ""
    text = decoder.key(key)
    return f"0x{key[:32].hex()}" if text is None else text
