"""Messages of the topic of people: read by partition and offset, decoded by their own schema."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import fastavro
from confluent_kafka import Message, TopicPartition

from contract.component import component_of
from contract.errors import UnreachableError
from contract.kafka.events import (
    COMMITTED_MS,
    DELETED,
    LSN,
    OPERATION,
    PREFIX_LENGTH,
    VERSION,
    schema_id,
)
from contract.table.columns import NAMES
from control_center.clients.clients import Clients
from control_center.config import TOPIC

REQUIRED = ("id", LSN, COMMITTED_MS)


class UndecodableError(ValueError):
    """A message that no stock consumer could read; the text says why."""


@dataclass(frozen=True)
class Event:
    """A decoded change of one person. `version` orders changes (contract/table/version.py); `lsn`
    and `committed_ms` are where and when PostgreSQL wrote it."""

    id: str
    row: tuple[Any, ...]
    deleted: bool
    version: int
    lsn: int
    committed_ms: int
    op: str

    @classmethod
    def of(cls, record: dict[str, Any]) -> Event:
        """From the decoded value; raises UndecodableError if it is none of ours."""
        lacks = [name for name in REQUIRED if record.get(name) is None]
        if lacks:
            raise UndecodableError(f"is no change of a person: without {', '.join(lacks)}")
        try:
            return cls(
                id=str(record["id"]).lower(),
                row=tuple(record.get(name) for name in NAMES),
                deleted=record.get(DELETED) == "true",
                version=int(record.get(VERSION) or record[LSN]),
                lsn=int(record[LSN]),
                committed_ms=int(record[COMMITTED_MS]),
                op=str(record.get(OPERATION)),
            )
        except (TypeError, ValueError) as error:
            raise UndecodableError(f"is no change of a person: {error!r}") from error


class Decoder:
    """Avro by the writer's schema, each schema fetched once."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._schemas: dict[int, Any] = {}

    def event(self, value: bytes | None) -> Event:
        """The change that a message's value holds; raises UndecodableError."""
        return Event.of(self.record(value))

    def record(self, value: bytes | None) -> dict[str, Any]:
        """The decoded Avro record; raises UndecodableError."""
        if value is None:
            raise UndecodableError("has no value")
        number = schema_id(value)
        if number is None or len(value) == PREFIX_LENGTH:
            raise UndecodableError("is not in the Confluent wire format")
        schema = self._schema(number)
        try:
            # "replace": a field that the job does not read may hold any bytes
            record = fastavro.schemaless_reader(
                io.BytesIO(value[PREFIX_LENGTH:]), schema, None, handle_unicode_errors="replace"
            )
        except Exception as error:  # fastavro raises whatever the bytes lead it to
            raise UndecodableError(f"is not of its schema: {error!r}") from error
        if not isinstance(record, dict):
            raise UndecodableError("holds no record")
        return record

    def _schema(self, number: int) -> Any:
        if number not in self._schemas:
            url = f"{self._clients.settings.schema_registry_url}/schemas/ids/{number}"
            response = self._clients.http.request("GET", url)
            if response.status_code == 404:
                raise UndecodableError(f"names schema {number}, which the registry does not know")
            if not response.is_success:
                raise UnreachableError(component_of(url), f"answers {response.status_code}")
            self._schemas[number] = fastavro.parse_schema(json.loads(response.json()["schema"]))
        return self._schemas[number]


def read(
    clients: Clients,
    start: dict[int, int],
    end: dict[int, int],
    topic: str = TOPIC,
    **options: Any,
) -> Iterator[Message]:
    """Every message from start to end (exclusive) of each partition; raises UnreachableError

    when the brokers hand out nothing for 20 s. `options` are librdkafka's.
    """
    left = {part: stop for part, stop in end.items() if start.get(part, 0) < stop}
    if not left:
        return
    consumer = clients.kafka.consumer(**options)
    try:
        consumer.assign([TopicPartition(topic, part, start.get(part, 0)) for part in left])
        heard = time.monotonic()
        wanted = sum(stop - start.get(part, 0) for part, stop in left.items())
        while left:
            # Asked for more than there is, it waits half a second for the rest.
            for message in consumer.consume(min(2000, max(1, wanted)), 0.5):
                error = message.error()
                if error is not None:
                    raise UnreachableError(clients.kafka.component, error.str())
                heard = time.monotonic()
                part, offset = place(message)
                if offset >= end[part]:
                    continue
                wanted -= 1
                yield message
                if offset + 1 >= end[part] and left.pop(part, None) is not None and left:
                    consumer.incremental_unassign([TopicPartition(topic, part)])
            if time.monotonic() - heard > 20:
                raise UnreachableError(
                    clients.kafka.component, "the cluster delivers no messages for 20 s"
                )
    finally:
        consumer.close()


def place(message: Message) -> tuple[int, int]:
    """Partition and offset of a message that was read."""
    partition, offset = message.partition(), message.offset()
    assert partition is not None and offset is not None
    return partition, offset


def read_one(clients: Clients, partition: int, offset: int) -> Message | None:
    """The message at this offset, or None if retention has taken it."""
    if offset < clients.kafka.earliest(TOPIC).get(partition, 0):
        return None
    return next(read(clients, {partition: offset}, {partition: offset + 1}), None)
