"""Avro of any producer: good records, and every kind of poison."""

from __future__ import annotations

import io
import json
import struct
from typing import Any

import fastavro
import pytest

from contract.kafka.change import UndecodableError
from contract.kafka.events import prefix
from control_center.pipeline.decoder import AvroDecoder
from tests.control_center.in_memory_clients import SCHEMAS as PLATFORM_SCHEMAS
from tests.control_center.in_memory_clients import message_key, order
from tests.control_center.sample_tables import ODD_TEXTS, ORDERS, USERS

SCHEMA = {
    "type": "record",
    "name": "Value",
    "fields": [{"name": "id", "type": "string"}, {"name": "note", "type": ["null", "string"]}],
}
SCHEMAS: dict[int, Any] = {7: SCHEMA, 8: "string"}
RECORD = {"id": "a", "note": "grün"}


@pytest.fixture
def decoder() -> AvroDecoder:
    return AvroDecoder(USERS, fetch)


def fetch(number: int) -> str:
    if number not in SCHEMAS:
        raise UndecodableError(f"names schema {number}, which the Schema Registry does not know")
    return json.dumps(SCHEMAS[number])


def encoded(record: Any = RECORD, number: int = 7) -> bytes:
    buffer = io.BytesIO()
    fastavro.schemaless_writer(buffer, fastavro.parse_schema(SCHEMAS[number]), record)
    return prefix(number) + buffer.getvalue()


def varint(value: int) -> bytes:
    """Avro's zigzag encoding of a positive number."""
    value, parts = value << 1, b""
    while value > 0x7F:
        parts += struct.pack("B", value & 0x7F | 0x80)
        value >>= 7
    return parts + struct.pack("B", value)


def test_a_record(decoder: AvroDecoder) -> None:
    assert decoder.record(encoded()) == RECORD


def test_each_schema_is_fetched_once() -> None:
    numbers = []

    def counted(number: int) -> str:
        numbers.append(number)
        return fetch(number)

    decoder = AvroDecoder(USERS, counted)
    for _ in range(3):
        decoder.record(encoded())
    assert numbers == [7]


def test_bytes_after_the_record_are_ignored(decoder: AvroDecoder) -> None:
    assert decoder.record(encoded() + b"more") == RECORD


def test_text_that_is_not_utf_8_is_readable(decoder: AvroDecoder) -> None:
    value = encoded({"id": "a", "note": "xyz"}).replace(b"xyz", b"x\xff\xfe")
    assert decoder.record(value)["note"] == "x\ufffd\ufffd"


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        (None, "has no value"),
        (b"", "not in the Confluent wire format"),
        (b"\x00\x00\x00\x00", "not in the Confluent wire format"),
        (prefix(7), "not in the Confluent wire format"),
        (b"\x01" + encoded()[1:], "not in the Confluent wire format"),
        (b"{}" + encoded(), "not in the Confluent wire format"),
        (encoded()[:-1], "does not match its schema"),
        (prefix(7) + varint(2**62) + b"x", "does not match its schema"),
        (prefix(7) + varint(2**31) + b"x", "does not match its schema"),
        (prefix(7) + b"\x01", "does not match its schema"),
        (prefix(7) + varint(1) + b"a" + varint(9), "does not match its schema"),
        (prefix(99) + b"x", "names schema 99, which the Schema Registry does not know"),
        (encoded("text", 8), "is not an Avro record"),
    ],
    ids=[
        "no value",
        "empty",
        "only a magic byte and a part of the id",
        "only a prefix",
        "wrong magic",
        "JSON",
        "cut off",
        "claims 4 EiB",
        "claims 2 GiB",
        "negative length",
        "unknown branch of a union",
        "unknown schema",
        "not a record",
    ],
)
def test_poison(decoder: AvroDecoder, value: bytes | None, cause: str) -> None:
    with pytest.raises(UndecodableError, match=cause):
        decoder.record(value)


def test_a_record_of_another_schema_is_not_an_event(decoder: AvroDecoder) -> None:
    with pytest.raises(UndecodableError, match="is not a change of a row of users"):
        decoder.event(encoded())


@pytest.mark.parametrize("customer", ODD_TEXTS)
def test_the_key_of_a_message_as_text(customer: str) -> None:
    decoder = AvroDecoder(ORDERS, lambda number: json.dumps(PLATFORM_SCHEMAS[number][1]))
    text = decoder.key(message_key(order(customer, -7), ORDERS))
    assert json.loads(text or "") == [customer, -7]


@pytest.mark.parametrize("key", [None, b"", b"a", encoded(), encoded() + b"more", prefix(99)])
def test_bytes_that_are_not_a_key_of_the_table_have_no_text(
    key: bytes | None,
) -> None:
    assert AvroDecoder(ORDERS, fetch).key(key) is None
