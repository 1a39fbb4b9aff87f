"""Kafka records → events: Confluent wire format, each by the schema it was written with.

The wire format is a zero byte, the schema's id in 4 bytes (big-endian), then Avro. Every writer's
schema is read as one reader's schema: what the job knows, by name; all of it may be missing, so
that a bad event can be told from a good one instead of failing its batch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.avro.functions import from_avro

from users.avro import TYPES
from users.columns import COLUMNS

MAGIC = b"\x00"
PREFIX_LENGTH = 5

META_FIELDS = {
    "__op": "string",  # r (snapshot), c, u, d
    "__deleted": "string",  # "true" on deletes
    "__source_ts_ms": "long",  # commit, ms since 1970
    "__source_lsn": "long",  # position in the WAL
}

READER_SCHEMA = json.dumps(
    {
        "type": "record",
        "name": "Value",
        "namespace": "riada.public.users",
        "fields": [
            {"name": name, "type": ["null", kind], "default": None}
            for name, kind in (
                {column.name: TYPES[column.kind] for column in COLUMNS} | META_FIELDS
            ).items()
        ],
    }
)


def prefix(schema_id: int) -> bytes:
    """7 → 00 00000007: how each value of that schema begins."""
    return MAGIC + schema_id.to_bytes(4, "big")


def schema_id(value_prefix: bytes) -> int:
    """00 00000007 → 7."""
    return int.from_bytes(value_prefix[1:PREFIX_LENGTH], "big")


def events(records: DataFrame, schemas: Mapping[int, str]) -> DataFrame:
    """Adds `prefix` (binary), `known` (is its schema known?) and `event` (struct as
    READER_SCHEMA; null for unknown schemas, all its fields null when it cannot be decoded)."""
    body = F.expr(f"substring(value, {PREFIX_LENGTH + 1})")
    is_of = {known: F.col("prefix") == F.lit(bytearray(prefix(known))) for known in schemas}

    def decoded(writer_schema: str) -> Column:
        return from_avro(body, writer_schema, {"avroSchema": READER_SCHEMA, "mode": "PERMISSIVE"})

    event = F.lit(None).cast(_event_type(records))
    for known, writer_schema in schemas.items():
        event = F.when(is_of[known], decoded(writer_schema)).otherwise(event)
    return (
        records.withColumn("prefix", F.expr(f"substring(value, 1, {PREFIX_LENGTH})"))
        .withColumn("known", reduce(Column.__or__, is_of.values(), F.lit(False)))
        .withColumn("event", event)
    )


def _event_type(records: DataFrame) -> str:
    """READER_SCHEMA as Spark's type."""
    names = {"string": "string", "int": "int", "long": "bigint", "double": "double"}
    fields = {column.name: TYPES[column.kind] for column in COLUMNS} | META_FIELDS
    return f"struct<{','.join(f'{name}:{names[kind]}' for name, kind in fields.items())}>"
