"""The Avro type that each column of `users` must have in the events of Debezium."""

from __future__ import annotations

from contract.table.columns import Kind

TYPES: dict[Kind, str] = {
    "uuid": "string",
    "text": "string",
    "int": "int",
    "double": "double",
    "timestamp": "string",  # io.debezium.time.ZonedTimestamp: ISO 8601 text in UTC
}
