"""Decodes Avro values of any producer by the schema that each value names.

confluent_kafka's AvroDeserializer, which jobs/smoke_test/topic.py uses for good messages, is not
enough: it cannot read text that is not UTF-8. The streaming job writes such a message if the text
is in a field that it does not read, so a comparison that cannot decode it would count it as lost.
It also takes the schema id from a header where there is one, and runs the rules of a schema;
messages on these topics may come from any producer.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import fastavro

from contract.errors import UnreachableError
from contract.health.component import component_of
from contract.kafka.change import Event, UndecodableError, record_key
from contract.kafka.events import PREFIX_LENGTH, schema_id
from contract.table.table import Table
from control_center.clients.clients import Clients

FetchSchema = Callable[[int], str]  # schema id → its JSON


class AvroDecoder:
    """Decodes the messages of one table. Fetches each schema once. `fetch` raises UndecodableError
    for an unknown id."""

    def __init__(self, table: Table, fetch: FetchSchema) -> None:
        self._table, self._fetch = table, fetch
        self._schemas: dict[int, Any] = {}

    def event(self, value: bytes | None) -> Event:
        """The change that a message's value holds; raises UndecodableError, UnreachableError."""
        return Event.of(self._table, self.record(value))

    def key(self, key: bytes | None) -> str | None:
        """The text of a message's key; None for a key that is not a key of the table. Raises
        UnreachableError."""
        try:
            return record_key(self._table, self.record(key))
        except (UndecodableError, KeyError, TypeError, ValueError, ArithmeticError):
            return None

    def record(self, value: bytes | None) -> dict[str, Any]:
        """The decoded record; raises UndecodableError, UnreachableError. Bytes after the record are
        ignored, as Spark's from_avro does."""
        if value is None:
            raise UndecodableError("has no value")
        number = schema_id(value)
        if number is None or len(value) == PREFIX_LENGTH:
            raise UndecodableError("is not in the Confluent wire format")
        schema = self._schema(number)
        try:
            # "replace", because a field that the job does not read may hold any bytes
            record = fastavro.schemaless_reader(
                io.BytesIO(value[PREFIX_LENGTH:]), schema, None, handle_unicode_errors="replace"
            )
        except Exception as error:  # fastavro raises errors of any kind for bad bytes
            raise UndecodableError(f"does not match its schema: {error!r}") from error
        if not isinstance(record, dict):
            raise UndecodableError("is not an Avro record")
        return record

    def _schema(self, number: int) -> Any:
        if number not in self._schemas:
            self._schemas[number] = fastavro.parse_schema(json.loads(self._fetch(number)))
        return self._schemas[number]


class Decoder(AvroDecoder):
    """Decodes by the schemas of the platform's Schema Registry."""

    def __init__(self, clients: Clients, table: Table) -> None:
        super().__init__(table, lambda number: _fetch(clients, number))


def _fetch(clients: Clients, number: int) -> str:
    url = f"{clients.settings.schema_registry_url}/schemas/ids/{number}"
    response = clients.http.request("GET", url)
    if response.status_code == 404:
        raise UndecodableError(f"names schema {number}, which the Schema Registry does not know")
    if not response.is_success:
        raise UnreachableError(component_of(url), f"answers {response.status_code}")
    return str(response.json()["schema"])
