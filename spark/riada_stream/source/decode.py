"""Decodes Kafka records into events: Confluent wire format, each by its writer's schema.

The wire format is in contract/kafka/events.py. Every writer's schema is resolved by field name to
one reader's schema, which has the fields that the job knows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.avro.functions import from_avro

from contract.kafka.avro import TYPES
from contract.kafka.events import COMMITTED_MS, DELETED, LSN, PREFIX_LENGTH, VERSION, prefix
from contract.table.columns import COLUMNS

_REQUIRED = {c.name: TYPES[c.kind] for c in COLUMNS if not c.nullable} | {
    COMMITTED_MS: "long",
    LSN: "long",
}
_OPTIONAL = {c.name: TYPES[c.kind] for c in COLUMNS if c.nullable} | {
    DELETED: "string",
    VERSION: "string",
}


def _reader(required: Mapping[str, str], optional: Mapping[str, str]) -> str:
    fields: list[dict[str, object]] = [
        {"name": name, "type": kind} for name, kind in required.items()
    ]
    for name, kind in optional.items():
        fields.append({"name": name, "type": ["null", kind], "default": None})
    return json.dumps({"type": "record", "name": "Value", "fields": fields})


# The schema of a row's event. An event that lacks a field which the table requires is not
# decodable.
READER = _reader(_REQUIRED, _OPTIONAL)
# Every field is optional. It serves to find the reason why READER did not decode an event.
LENIENT = _reader({}, _REQUIRED | _OPTIONAL)


def decode_events(
    records: DataFrame, schemas: Mapping[int, str], reader: str = READER
) -> DataFrame:
    """Adds `prefix` (binary), `has_known_schema` (boolean) and `event` (a struct as in `reader`).

    `event` is null for an unknown schema, and all its fields are null when it cannot be decoded.
    """
    body = F.expr(f"substring(value, {PREFIX_LENGTH + 1})")

    def decoded(writer: str) -> Column:
        return from_avro(body, writer, {"avroSchema": reader, "mode": "PERMISSIVE"})

    event = F.when(F.lit(False), decoded(reader))  # sets the type when no schema is known
    for number, writer in schemas.items():
        event = event.when(F.col("prefix") == _literal(number), decoded(writer))
    known_prefixes = [_literal(number) for number in schemas] or [F.lit(None)]
    is_known = F.coalesce(F.col("prefix").isin(known_prefixes), F.lit(False))
    return (
        records.withColumn("prefix", F.expr(f"substring(value, 1, {PREFIX_LENGTH})"))
        .withColumn("has_known_schema", is_known)
        .withColumn("event", event)
    )


def _literal(number: int) -> Column:
    return F.lit(bytearray(prefix(number)))
