"""Kafka records → events: Confluent wire format, each by the schema it was written with.

The wire format is in contract/kafka/events.py. Every writer's schema is read as one reader's
schema: what the job knows, by name.
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
    fields = [{"name": name, "type": kind} for name, kind in required.items()]
    for name, kind in optional.items():
        fields.append({"name": name, "type": ["null", kind], "default": None})
    return json.dumps({"type": "record", "name": "Value", "fields": fields})


READER = _reader(_REQUIRED, _OPTIONAL)
"""A row's event: what the table requires is there, or the event is not decodable."""
LENIENT = _reader({}, _REQUIRED | _OPTIONAL)
"""Anything may be missing: to tell what is wrong with an event that READER did not take."""


def events(records: DataFrame, schemas: Mapping[int, str], reader: str = READER) -> DataFrame:
    """Adds `prefix` (binary), `known` (is its schema?) and `event` (struct as `reader`): null for
    unknown schemas, with nothing but nulls in it when it cannot be decoded."""
    body = F.expr(f"substring(value, {PREFIX_LENGTH + 1})")

    def decoded(writer: str) -> Column:
        return from_avro(body, writer, {"avroSchema": reader, "mode": "PERMISSIVE"})

    event = F.when(F.lit(False), decoded(reader))  # gives the type when no schema is known
    for known, writer in schemas.items():
        event = event.when(F.col("prefix") == _literal(known), decoded(writer))
    known_prefixes = [_literal(known) for known in schemas] or [F.lit(None)]
    return (
        records.withColumn("prefix", F.expr(f"substring(value, 1, {PREFIX_LENGTH})"))
        .withColumn("known", F.coalesce(F.col("prefix").isin(known_prefixes), F.lit(False)))
        .withColumn("event", event)
    )


def _literal(known: int) -> Column:
    return F.lit(bytearray(prefix(known)))
