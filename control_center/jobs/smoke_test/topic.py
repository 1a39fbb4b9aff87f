"""The people's events on the topic, read with the stock client's AvroDeserializer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

from contract.errors import UnreachableError
from control_center.clients.clients import Clients
from control_center.clients.component import component_of
from control_center.config import TOPIC
from control_center.pipeline import messages


@dataclass(frozen=True)
class Seen:
    """One event of a followed person."""

    event: messages.Event
    partition: int
    offset: int


class Topic:
    """Reads on from the offsets of the start, and keeps the events of the followed people."""

    def __init__(self, clients: Clients, start: dict[int, int], ids: set[str]) -> None:
        self._clients, self._next, self._ids = clients, dict(start), ids
        registry = SchemaRegistryClient(
            {"url": clients.settings.schema_registry_url, "max.retries": 1, "timeout": 4}
        )
        self._registry = component_of(clients.settings.schema_registry_url)
        self._decode = AvroDeserializer(registry)
        self._context = SerializationContext(TOPIC, MessageField.VALUE)
        self.seen: dict[str, list[Seen]] = {}
        self.undecodable = 0

    def count(self) -> int:
        """Reads what is new; how many of the people have an event."""
        ends = self._clients.kafka.offsets(TOPIC)
        for message in messages.read(self._clients, self._next, ends):
            partition, offset = messages.place(message)
            try:
                event = messages.Event.of(self._record(message.value()))
            except messages.UndecodableError:
                self.undecodable += 1
            else:
                if event.id in self._ids:
                    self.seen.setdefault(event.id, []).append(Seen(event, partition, offset))
            self._next[partition] = offset + 1
        return len(self.seen)

    def newest(self) -> dict[str, Seen]:
        """Per person the event with the highest version."""
        return {
            key: max(seen, key=lambda one: one.event.version) for key, seen in self.seen.items()
        }

    def redelivered(self) -> int:
        """How many events are there once more with the same version."""
        counts = Counter(
            (key, one.event.version) for key, seen in self.seen.items() for one in seen
        )
        return sum(count - 1 for count in counts.values())

    def versions(self) -> int:
        """How many events with a version of their own there are."""
        return len({(key, one.event.version) for key, seen in self.seen.items() for one in seen})

    def _record(self, value: bytes | None) -> dict[str, Any]:
        try:
            record = self._decode(value, self._context)
        except (OSError, ConnectionError) as error:
            raise UnreachableError(self._registry, str(error)) from error
        except Exception as error:
            if "httpx" in type(error).__module__ or "httpcore" in type(error).__module__:
                raise UnreachableError(self._registry, str(error)) from error
            raise messages.UndecodableError(str(error)) from error
        if not isinstance(record, dict):
            raise messages.UndecodableError("holds no record")
        return record
