"""Events to test with: the schema that Debezium registers, Avro's binary form, Kafka records."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from riada_stream.source.schemas import Schemas

from contract.table import file
from contract.table.debezium_names import field_name
from contract.table.table import Table
from contract.table.version import Version

Pair = tuple[bytes | None, bytes | None]

USERS = file.read("users", (Path(__file__).parents[2] / "tables/users.toml").read_text())
ID = "0f3a7c52-9be1-4a56-8a0e-6d1f2b3c4d5e"
LSN = 26_000_000
VERSION = int(Version(3, LSN + 1))
VERSION_1 = 7
VERSION_2 = 12
KEY_SCHEMA = 3

META_VALUES: dict[str, Any] = {
    "__op": "c",
    "__deleted": "false",
    "__source_ts_ms": 1_790_000_000_123,
    "__source_lsn": LSN,
    "__version": str(VERSION),
}
PERSON: dict[str, Any] = {
    **{column.name: f"some {column.name}" for column in USERS.columns},
    "id": ID,
    "street_number": 8929,
    "latitude": -69.8246,
    "longitude": 134.8719,
    "date_of_birth": "1992-03-08T15:13:16.688Z",
    "registered_at": "2007-07-09T05:51:59.390000Z",
    "id_value": None,
    **META_VALUES,
}

# A table whose key has two columns, and whose names are reserved, not ASCII, or those of the
# job's own columns and Kafka's.
ORDERS = file.read(
    "orders",
    """
key = ["order"]
clustering = ["größe"]
indexes = ["value"]
not_delivered = ["internal"]

[columns]
order = "int8"
"größe" = "varchar(10)"
value = "varchar(20) null"
offset = "int4"
deleted = "bool"
committed_at = "timestamptz(3)"
write_time = "int4 null"
"Topic" = "int4"
tags = "text[] null"
""",
)
ORDER: dict[str, Any] = {
    "order": 42,
    "gr__e": "µ 1",
    "value": "paid",
    "offset": -1,
    "deleted": True,
    "committed_at": "2007-07-09T05:51:59.390Z",
    "write_time": None,
    "Topic": 2,
    "tags": ["a", None],
    **META_VALUES,
}

META = {
    "__deleted": "string",
    "__op": "string",
    "__source_ts_ms": "long",
    "__source_lsn": "long",
    "__version": "string",
}


def fields(table: Table) -> list[tuple[str, Any]]:
    """(name, Avro type) as in the first version of the subject; connect.* as Debezium adds it."""
    columns = [
        (
            field_name(column.name),
            ["null", column.kind.avro]
            if column.nullable
            else {"type": column.kind.avro, "connect.name": "io.debezium.some"}
            if isinstance(column.kind.avro, str)
            else column.kind.avro,
        )
        for column in table.columns
    ]
    return columns + [(name, ["null", kind]) for name, kind in META.items()]


def schema(of: list[tuple[str, Any]]) -> str:
    return json.dumps(
        {
            "type": "record",
            "name": "Value",
            "namespace": "riada.public.table",
            "fields": [
                {"name": name, "type": kind}
                | ({"default": None} if isinstance(kind, list) and kind[0] == "null" else {})
                for name, kind in of
            ],
        }
    )


def key_fields(table: Table) -> list[tuple[str, Any]]:
    """Debezium's order need not be the table's."""
    return [(field_name(column.name), column.kind.avro) for column in reversed(table.key)]


V1 = fields(USERS)
# The fields in another order, with one more and one fewer.
V2 = [("nickname", ["null", "string"]), *(field for field in V1 if field[0] != "id_name")]
SCHEMAS = Schemas({VERSION_1: schema(V1), VERSION_2: schema(V2)})
ORDERS_V1 = fields(ORDERS)
ORDERS_SCHEMAS = Schemas({VERSION_1: schema(ORDERS_V1)}, {KEY_SCHEMA: schema(key_fields(ORDERS))})


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
    if isinstance(kind, dict) and kind["type"] == "array":
        items = b"".join(encoded(kind["items"], item) for item in value)
        return (long(len(value)) + items if value else b"") + b"\x00"
    if isinstance(kind, dict):
        kind = kind["type"]
    if kind == "string":
        text: bytes = value.encode()
        return long(len(text)) + text
    if kind == "boolean":
        return bytes([value])
    return struct.pack("<d", value) if kind == "double" else long(value)


def value(
    row: Mapping[str, Any] = PERSON,
    of: list[tuple[str, Any]] = V1,
    schema_id: int = VERSION_1,
) -> bytes:
    body = b"".join(encoded(kind, row.get(name)) for name, kind in of)
    return b"\x00" + schema_id.to_bytes(4, "big") + body


def key(text: str = ID) -> bytes:
    """The key of a table whose key is one text."""
    return b"\x00\x00\x00\x00\x03" + encoded("string", text)


def order(changes: Mapping[str, Any] | None = None) -> Pair:
    """The message of an order."""
    row = ORDER | dict(changes or {})
    return value(row, key_fields(ORDERS), KEY_SCHEMA), value(row, ORDERS_V1)


RECORD = (
    "key binary, value binary, topic string, partition int, offset bigint, timestamp timestamp, "
    "headers array<struct<key:string,value:binary>>"
)
ARRIVED = datetime(2026, 11, 22, 20, 47, 0, 5000, tzinfo=timezone.utc)


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
