"""The fields of an Avro record, and why readers of a new schema cannot read older data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SchemaField:
    """`default`: as JSON, None without a default. `type`: as Avro names it, "null | string"."""

    name: str
    type: str
    default: str | None


def fields(schema: Any) -> list[SchemaField]:
    """The fields of a record; [] for another schema."""
    if not _is_record(schema):
        return []
    return [
        SchemaField(
            field["name"],
            type_text(field["type"]),
            json.dumps(field["default"]) if "default" in field else None,
        )
        for field in schema["fields"]
    ]


def type_text(type_: Any) -> str:
    """ "null | string", "array of long", "long (timestamp-millis)"."""
    if isinstance(type_, list):
        return " | ".join(map(type_text, type_))
    if not isinstance(type_, dict):
        return str(type_)
    if type_.get("type") in ("array", "map"):
        return f"{type_['type']} of {type_text(type_.get('items', type_.get('values')))}"
    note = type_.get("connect.name") or type_.get("logicalType") or type_.get("name")
    text = type_text(type_.get("type"))
    return f"{text} ({note})" if note else text


def reasons(before: Any, after: Any) -> Iterator[str]:
    """Why data written with `before` may not be readable with `after`, one sentence each."""
    if not (_is_record(before) and _is_record(after)):
        if type_text(_kind(before)) != type_text(_kind(after)):
            yield f"The type was {type_text(_kind(before))} and is {type_text(_kind(after))}."
        return
    old = {field.name: field for field in fields(before)}
    if before.get("name") != after.get("name"):
        yield f"The record was named {before.get('name')} and is named {after.get('name')}."
    for field in fields(after):
        known = old.pop(field.name, None)
        if known is None and field.default is None:
            yield f"The new field {field.name} has no default for the rows that lack it."
        elif known is not None and known.type != field.type:
            yield f"The field {field.name} was {known.type} and is {field.type}."
    for name in old:
        yield f"The field {name} is missing."


def _is_record(schema: Any) -> bool:
    return isinstance(schema, dict) and schema.get("type") == "record"


def _kind(schema: Any) -> Any:
    return schema.get("type") if isinstance(schema, dict) else schema
