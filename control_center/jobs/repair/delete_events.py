"""Delete events of rows that PostgreSQL does not hold, in the form that Debezium gives them."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import fastavro

from contract.errors import UnreachableError
from contract.health.component import component_of
from contract.kafka.events import COMMITTED_MS, DELETED, LSN, OPERATION, VERSION, prefix
from contract.kafka.topics import events
from contract.table.debezium_names import field_name
from contract.table.kinds.kind import Canonical
from contract.table.table import Table
from contract.table.version import Version
from control_center.clients.clients import Clients

_BLANKS: Mapping[str, Any] = {
    "null": None,
    "boolean": False,
    "int": 0,
    "long": 0,
    "float": 0.0,
    "double": 0.0,
    "bytes": b"",
    "string": "",
    "array": [],
    "map": {},
}


@dataclass(frozen=True)
class RegisteredSchema:
    """The newest schema of a subject. `schema` is parsed by fastavro."""

    id: int
    schema: Any

    def encode(self, record: Mapping[str, Any]) -> bytes:
        """The record in the Confluent wire format."""
        buffer = io.BytesIO()
        fastavro.schemaless_writer(buffer, self.schema, record)
        return prefix(self.id) + buffer.getvalue()


@dataclass(frozen=True)
class DeleteEvents:
    """The schemas of the table's topic."""

    table: Table
    key: RegisteredSchema
    value: RegisteredSchema

    @classmethod
    def of(cls, clients: Clients, table: Table) -> DeleteEvents | None:
        """None if the topic has never had an event. Raises UnreachableError."""
        topic = events(table)
        key = _newest(clients, topic.key_subject)
        value = _newest(clients, topic.value_subject)
        return cls(table, key, value) if key and value else None

    def encode(self, values: Sequence[Canonical], version: int, now_ms: int) -> tuple[bytes, bytes]:
        """Key and value of the message that deletes the row with this key. The value holds no other
        column of the row."""
        key = {
            field_name(column.name): column.kind.to_event(value)
            for column, value in zip(self.table.key, values, strict=True)
        }
        blank = {field["name"]: blank_of(field["type"]) for field in self.value.schema["fields"]}
        meta = {
            DELETED: "true",
            OPERATION: "d",
            COMMITTED_MS: now_ms,
            LSN: Version.of(version).position,
            VERSION: str(version),
        }
        return self.key.encode(key), self.value.encode(blank | key | meta)


def blank_of(schema: Any) -> Any:
    """A value of this Avro type that says nothing: null where the type has it."""
    if isinstance(schema, list):
        return None if "null" in schema else blank_of(schema[0])
    if isinstance(schema, str):
        return _BLANKS[schema]
    kind = schema["type"]
    if kind == "record":
        return {field["name"]: blank_of(field["type"]) for field in schema["fields"]}
    if kind == "enum":
        return schema["symbols"][0]
    if kind == "fixed":
        return bytes(schema["size"])
    return blank_of(kind)


def _newest(clients: Clients, subject: str) -> RegisteredSchema | None:
    url = f"{clients.settings.schema_registry_url}/subjects/{subject}/versions/latest"
    response = clients.http.request("GET", url)
    if response.status_code == 404:
        return None
    if not response.is_success:
        raise UnreachableError(component_of(url), f"answers {response.status_code}")
    answer = response.json()
    schema: Any = fastavro.parse_schema(json.loads(answer["schema"]))
    return RegisteredSchema(int(answer["id"]), schema)
