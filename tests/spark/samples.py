"""Events to test with: the schema that Debezium registers, Avro's binary form, Kafka records."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from contract.kafka.avro import TYPES
from contract.table.columns import COLUMNS
from contract.table.version import Version

ID = "0f3a7c52-9be1-4a56-8a0e-6d1f2b3c4d5e"
LSN = 26_000_000
VERSION = int(Version(3, LSN + 1))
VERSION_1 = 7
VERSION_2 = 12

PERSON: dict[str, Any] = {
    **{column.name: f"some {column.name}" for column in COLUMNS},
    "id": ID,
    "street_number": 8929,
    "latitude": -69.8246,
    "longitude": 134.8719,
    "date_of_birth": "1992-03-08T15:13:16.688Z",
    "registered_at": "2007-07-09T05:51:59.390000Z",
    "id_value": None,
    "__op": "c",
    "__deleted": "false",
    "__source_ts_ms": 1_790_000_000_123,
    "__source_lsn": LSN,
    "__version": str(VERSION),
}

META = {
    "__deleted": "string",
    "__op": "string",
    "__source_ts_ms": "long",
    "__source_lsn": "long",
    "__version": "string",
}


def fields() -> list[tuple[str, Any]]:
    """(name, Avro type) as in the first version of the subject; connect.* as Debezium adds it."""
    columns = [
        (
            column.name,
            ["null", TYPES[column.kind]]
            if column.nullable
            else {"type": TYPES[column.kind], "connect.name": "io.debezium.some"},
        )
        for column in COLUMNS
    ]
    return columns + [(name, ["null", kind]) for name, kind in META.items()]


def schema(of: list[tuple[str, Any]]) -> str:
    return json.dumps(
        {
            "type": "record",
            "name": "Value",
            "namespace": "riada.public.users",
            "fields": [
                {"name": name, "type": kind}
                | ({"default": None} if isinstance(kind, list) and kind[0] == "null" else {})
                for name, kind in of
            ],
        }
    )


V1 = fields()
# The fields in another order, with one more and one fewer.
V2 = [("nickname", ["null", "string"]), *(field for field in V1 if field[0] != "id_name")]
SCHEMAS = {VERSION_1: schema(V1), VERSION_2: schema(V2)}


def long(number: int) -> bytes:
    """Zigzag varint."""
    number = (number << 1) ^ (number >> 63)
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def encoded(kind: Any, value: Any) -> bytes:
    if isinstance(kind, list):
        return b"\x00" if value is None else long(1) + encoded(kind[1], value)
    if isinstance(kind, dict):
        kind = kind["type"]
    if kind == "string":
        text: bytes = value.encode()
        return long(len(text)) + text
    return struct.pack("<d", value) if kind == "double" else long(value)


def value(
    person: dict[str, Any] = PERSON,
    of: list[tuple[str, Any]] = V1,
    schema_id: int = VERSION_1,
) -> bytes:
    body = b"".join(encoded(kind, person.get(name)) for name, kind in of)
    return b"\x00" + schema_id.to_bytes(4, "big") + body


def key(row_id: str = ID) -> bytes:
    return b"\x00\x00\x00\x00\x03" + encoded("string", row_id)


RECORD = (
    "key binary, value binary, topic string, partition int, offset bigint, timestamp timestamp, "
    "headers array<struct<key:string,value:binary>>"
)
ARRIVED = datetime(2026, 11, 22, 20, 47, 0, 5000, tzinfo=timezone.utc)


Pair = tuple[bytes | None, bytes | None]
Headers = Sequence[tuple[str, bytearray | None]]


def records(
    spark: SparkSession, pairs: Sequence[Pair], headers: Headers | None = None
) -> DataFrame:
    """Kafka's columns for (key, value) pairs; offsets count from 0."""
    rows = [
        (
            k and bytearray(k),
            None if v is None else bytearray(v),
            "riada.public.users",
            2,
            n,
            ARRIVED,
            headers,
        )
        for n, (k, v) in enumerate(pairs)
    ]
    return spark.createDataFrame(rows, RECORD)
