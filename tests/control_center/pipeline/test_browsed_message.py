"""Messages are shown decoded, and masked."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import fastavro
import pytest

from contract.kafka.events import prefix
from contract.kafka.offsets import TopicOffset
from control_center.pipeline.browsed_message import BrowsedMessage, in_order, shown_key
from control_center.pipeline.decoder import AvroDecoder
from control_center.pipeline.masking import MASK
from control_center.pipeline.topic_message import TopicMessage
from tests.control_center.sample_tables import USERS

SCHEMA = {
    "type": "record",
    "name": "Value",
    "fields": [{"name": "id", "type": "string"}, {"name": "email", "type": "string"}],
}
DECODER = AvroDecoder(USERS, lambda _: json.dumps(SCHEMA))


def encoded(email: str = "ana@example.org") -> bytes:
    buffer = io.BytesIO()
    record = {"id": "a", "email": email}
    fastavro.schemaless_writer(buffer, fastavro.parse_schema(SCHEMA), record)
    return prefix(7) + buffer.getvalue()


def shown(value: bytes | None, key: bytes | None = None) -> BrowsedMessage:
    headers = (("reason", b"not Avro"), ("empty", None), ("odd", b"\xff"))
    at = 1_795_348_800_040
    return BrowsedMessage.of(TopicMessage(TopicOffset(0, 12), key, value, headers, at), DECODER)


def test_a_decoded_message() -> None:
    message = shown(encoded())
    assert message.record == {"id": "a", "email": "ana@example.org"}
    assert (message.schema_id, message.undecodable, message.label) == (7, "", "0 : 12")
    assert message.at == datetime(2026, 11, 22, 12, 0, 0, 40_000, tzinfo=UTC)
    assert message.headers == {"reason": "not Avro", "empty": "", "odd": "\ufffd"}
    assert message.size == len(encoded())


@pytest.mark.parametrize(
    ("value", "cause"), [(None, "has no value"), (b"poison", "is not in the Confluent wire format")]
)
def test_an_undecodable_message_says_why(value: bytes | None, cause: str) -> None:
    message = shown(value)
    assert (message.record, message.undecodable, message.schema_id) == (None, cause, None)


def test_json_masks_values_and_bytes() -> None:
    message = shown(encoded())
    masked = message.to_json(USERS, unmasked=False)
    assert masked["record"] == {"id": "a", "email": MASK}
    assert masked["hex"] == "00 00 00 00 07"
    assert "616e6140" not in json.dumps(masked).replace(" ", "")
    assert (masked["partition"], masked["offset"]) == (0, 12)
    assert masked["at"] == "2026-11-22T12:00:00.040+00:00"


def test_json_shows_all_when_unmasked() -> None:
    message = shown(encoded())
    unmasked = message.to_json(USERS, unmasked=True)
    assert unmasked["record"] == message.record
    assert unmasked["hex"] == encoded().hex(" ")
    assert unmasked["bytes"] == len(encoded())


def test_a_large_value_is_cut_off_and_its_size_is_kept() -> None:
    message = shown(encoded("x" * 5000))
    assert len(message.value) == 4096
    assert message.size > 5000


@pytest.mark.parametrize(
    ("key", "text"),
    [(None, ""), (encoded(), "a"), (b"\x01\x02", "0x0102"), (b"x" * 99, "0x" + "78" * 32)],
)
def test_the_key(key: bytes | None, text: str) -> None:
    assert shown_key(key, DECODER) == text
    assert shown(encoded(), key).key == text


def test_messages_are_ordered_by_time_then_offset() -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    message = shown(encoded())
    unordered = [
        replace(message, at=late, place=TopicOffset(0, 1)),
        replace(message, at=early, place=TopicOffset(0, 3)),
        replace(message, at=early, place=TopicOffset(0, 2)),
        replace(message, at=None, place=TopicOffset(0, 9)),
    ]
    assert [item.place.offset for item in in_order(unordered)] == [9, 2, 3, 1]
