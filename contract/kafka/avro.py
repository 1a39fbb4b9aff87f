"""`users` as Debezium puts it on the topic: the Avro type that each column must have."""

from __future__ import annotations

from typing import Any

from contract.table.columns import COLUMNS

TYPES = {
    "uuid": "string",
    "text": "string",
    "int": "int",
    "double": "double",
    "timestamp": "string",  # io.debezium.time.ZonedTimestamp: ISO 8601 text in UTC
}


def mismatches(schema: dict[str, Any]) -> list[str]:
    """How a value schema of `users` differs from the columns; empty when it fits.

    Fields beyond the columns (__op, __deleted, …) are not looked at.
    """
    fields = {field["name"]: field["type"] for field in schema["fields"]}
    found = []
    for column in COLUMNS:
        if column.name not in fields:
            found.append(f"{column.name}: not in the schema")
            continue
        types = _names(fields[column.name])
        wanted = {TYPES[column.kind]} | ({"null"} if column.nullable else set())
        if types != wanted:
            found.append(f"{column.name}: is {sorted(types)}, must be {sorted(wanted)}")
    return found


def _names(avro_type: Any) -> set[str]:
    """{"type": "string", …} → {"string"}; ["null", "int"] → {"null", "int"}."""
    if isinstance(avro_type, list):
        return {name for branch in avro_type for name in _names(branch)}
    return {avro_type["type"]} if isinstance(avro_type, dict) else {avro_type}
