"""Rows of the sample tables, and their messages with the schemas of both topics."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import fastavro

from contract.kafka.events import COMMITTED_MS, DELETED, LSN, OPERATION, VERSION, prefix
from contract.kafka.topics import events
from contract.table.debezium_names import field_name
from contract.table.table import Table
from tests.control_center.sample_tables import ORDERS, USERS

Row = tuple[Any, ...]

COMMITTED = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
COMMITTED_AT = int(COMMITTED.timestamp() * 1000)
TABLES = {table.name: table for table in (ORDERS, USERS)}


def person(key: str, city: str, email: str | None = None) -> Row:
    """A row of users with nothing but id, city and email."""
    return row(USERS, id=key, city=city, email=email)


def order(customer: str, number: int, size: str | None = None, note: str | None = None) -> Row:
    """A row of orders."""
    return row(ORDERS, customer=customer, number=number, größe=size, note=note)


def row(table: Table, **values: Any) -> Row:
    return tuple(values.get(name) for name in table.names)


def value_schema(table: Table) -> dict[str, Any]:
    return {
        "type": "record",
        "name": "Value",
        "fields": [
            *(
                {"name": field_name(column.name), "type": ["null", column.kind.avro]}
                for column in table.columns
            ),
            {"name": LSN, "type": "long"},
            {"name": COMMITTED_MS, "type": "long"},
            *({"name": name, "type": "string"} for name in (VERSION, OPERATION, DELETED)),
        ],
    }


def key_schema(table: Table) -> dict[str, Any]:
    fields = [{"name": field_name(part.name), "type": part.kind.avro} for part in table.key]
    return {"type": "record", "name": "Key", "fields": fields}


def _schemas() -> dict[int, tuple[str, dict[str, Any]]]:
    """Id → subject and schema."""
    result = []
    for table in TABLES.values():
        topic = events(table)
        result.append((topic.value_subject, value_schema(table)))
        result.append((topic.key_subject, key_schema(table)))
    return dict(enumerate(result, 1))


SCHEMAS = _schemas()
IDS = {subject: number for number, (subject, _) in SCHEMAS.items()}


def event(row: Row, version: int, deleted: bool = False, table: Table = USERS) -> bytes:
    """The value of a change event."""
    record = dict(zip(map(field_name, table.names), row, strict=True)) | {
        LSN: version,
        COMMITTED_MS: COMMITTED_AT,
        VERSION: str(version),
        OPERATION: "d" if deleted else "u",
        DELETED: str(deleted).lower(),
    }
    return _encoded(events(table).value_subject, record)


def message_key(row: Row, table: Table = USERS) -> bytes:
    """The key of the row's messages."""
    values = dict(zip(table.names, row, strict=True))
    record = {field_name(part.name): values[part.name] for part in table.key}
    return _encoded(events(table).key_subject, record)


def decoded(subject: str, data: bytes) -> dict[str, Any]:
    """The record in a key or value of this subject."""
    number = IDS[subject]
    assert data.startswith(prefix(number))
    schema = fastavro.parse_schema(SCHEMAS[number][1])
    record: Any = fastavro.schemaless_reader(io.BytesIO(data[5:]), schema, None)
    assert isinstance(record, dict)
    return record


def _encoded(subject: str, record: Mapping[str, Any]) -> bytes:
    buffer = io.BytesIO()
    schema = fastavro.parse_schema(SCHEMAS[IDS[subject]][1])
    fastavro.schemaless_writer(buffer, schema, record)
    return prefix(IDS[subject]) + buffer.getvalue()
