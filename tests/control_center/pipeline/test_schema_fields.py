"""A schema that is not compatible is refused with reasons; a schema is shown by its fields."""

from __future__ import annotations

from typing import Any

import pytest

from control_center.pipeline.schema_fields import SchemaField, fields, reasons


def record(*items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "record", "name": "Value", "fields": list(items)}


ID = {"name": "id", "type": "string"}
AGE = {"name": "age", "type": ["null", "int"], "default": None}


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({"type": "string"}, "The type was record and is string."),
        (record(), "The field id is missing."),
        (record(ID, {"name": "n", "type": "int"}), "The new field n has no default"),
        (record({"name": "id", "type": "long"}), "The field id was string and is long."),
        (record(ID) | {"name": "Other"}, "The record was named Value and is named Other."),
    ],
)
def test_each_difference_is_a_reason(after: Any, expected: str) -> None:
    [reason] = reasons(record(ID), after)
    assert expected in reason


def test_a_new_field_with_a_default_is_compatible() -> None:
    assert list(reasons(record(ID), record(ID, AGE))) == []


def test_the_fields_of_a_record() -> None:
    items = {"name": "tags", "type": {"type": "array", "items": "string"}}
    time = {"name": "at", "type": {"type": "long", "connect.name": "io.debezium.time.Timestamp"}}
    assert fields(record(ID, AGE, items, time)) == [
        SchemaField("id", "string", None),
        SchemaField("age", "null | int", "null"),
        SchemaField("tags", "array of string", None),
        SchemaField("at", "long (io.debezium.time.Timestamp)", None),
    ]
    assert fields({"type": "string"}) == []
