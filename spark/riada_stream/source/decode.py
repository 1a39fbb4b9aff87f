"""Decodes Kafka records into events: Confluent wire format, each by its writer's schema.

The wire format is in contract/kafka/events.py. Every writer's schema is resolved by field name to
one reader's schema, which has the fields that the job knows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.avro.functions import from_avro

from contract.kafka.events import COMMITTED_MS, DELETED, LSN, PREFIX_LENGTH, VERSION, prefix
from contract.table.column import Column as TableColumn
from contract.table.debezium_names import field_name
from contract.table.kinds.kind import AvroType
from contract.table.table import Table
from riada_stream.source.key import compares_bytes
from riada_stream.source.schemas import Schemas

_REQUIRED: dict[str, AvroType] = {COMMITTED_MS: "long", LSN: "long"}
_OPTIONAL: dict[str, AvroType] = {DELETED: "string", VERSION: "string"}
# What only decode_events() adds, and no row needs.
DECODED = ("event", "event_key")


def reader(table: Table) -> str:
    """The schema of a row's event. An event that lacks a field which the table requires is not
    decodable."""
    required = _types(column for column in table.columns if not column.nullable)
    optional = _types(column for column in table.columns if column.nullable)
    return _record(required | _REQUIRED, optional | _OPTIONAL)


def lenient_reader(table: Table) -> str:
    """Every field is optional. It serves to find the reason why reader() did not decode an
    event."""
    return _record({}, _types(table.columns) | _REQUIRED | _OPTIONAL)


def key_reader(table: Table) -> str:
    return _record(_types(table.key), {})


def _types(columns: Iterable[TableColumn]) -> dict[str, AvroType]:
    return {field_name(column.name): column.kind.avro for column in columns}


def _record(required: Mapping[str, AvroType], optional: Mapping[str, AvroType]) -> str:
    fields: list[dict[str, object]] = [
        {"name": name, "type": kind} for name, kind in required.items()
    ]
    for name, kind in optional.items():
        fields.append({"name": name, "type": ["null", kind], "default": None})
    return json.dumps({"type": "record", "name": "Value", "fields": fields})


def decode_events(
    records: DataFrame, table: Table, schemas: Schemas, reader_schema: str | None = None
) -> DataFrame:
    """Adds `prefix` (binary), `has_known_schema` (boolean) and `event` (a struct as in
    `reader_schema`, which is reader() unless it is given). If the key's bytes cannot be compared
    with the row, also `has_known_key_schema` and `event_key`.

    `event` is null for an unknown schema, and all its fields are null when it cannot be decoded.
    """
    events = _decode(
        records, "value", schemas.values, reader_schema or reader(table), ("prefix", "", "event")
    )
    if compares_bytes(table):
        return events
    return _decode(
        events, "key", schemas.keys, key_reader(table), ("key_prefix", "_key", "event_key")
    )


def _decode(
    records: DataFrame,
    source: str,
    schemas: Mapping[int, str],
    reader_schema: str,
    names: tuple[str, str, str],
) -> DataFrame:
    prefix_name, infix, target = names
    body = F.expr(f"substring({source}, {PREFIX_LENGTH + 1})")

    def decoded(writer: str) -> Column:
        return from_avro(body, writer, {"avroSchema": reader_schema, "mode": "PERMISSIVE"})

    event = F.when(F.lit(False), decoded(reader_schema))  # sets the type when no schema is known
    for number, writer in schemas.items():
        event = event.when(F.col(prefix_name) == _literal(number), decoded(writer))
    known_prefixes = [_literal(number) for number in schemas] or [F.lit(None)]
    is_known = F.coalesce(F.col(prefix_name).isin(known_prefixes), F.lit(False))
    return (
        records.withColumn(prefix_name, F.expr(f"substring({source}, 1, {PREFIX_LENGTH})"))
        .withColumn(f"has_known{infix}_schema", is_known)
        .withColumn(target, event)
    )


def _literal(number: int) -> Column:
    return F.lit(bytearray(prefix(number)))
