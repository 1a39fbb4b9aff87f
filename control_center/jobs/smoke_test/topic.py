"""The rows' events on the topic, read with the stock client's AvroDeserializer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

from contract.errors import UnreachableError
from contract.health.component import component_of
from contract.kafka.change import Event, UndecodableError
from contract.kafka.offsets import TopicOffset
from contract.kafka.topics import events
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.pipeline import messages
from control_center.pipeline.topic_message import place


@dataclass(frozen=True)
class TopicEvent:
    """One event of a followed row, with partition and offset."""

    event: Event
    offset: TopicOffset


class EventHistory:
    """The events of the followed rows by key."""

    def __init__(self) -> None:
        self._events: dict[str, list[TopicEvent]] = {}

    def __len__(self) -> int:
        """The number of rows that have an event."""
        return len(self._events)

    def add(self, event: TopicEvent) -> None:
        self._events.setdefault(event.event.key, []).append(event)

    def newest(self) -> dict[str, TopicEvent]:
        """Key → the event with the highest version."""
        return {
            key: max(events, key=lambda event: event.event.version)
            for key, events in self._events.items()
        }

    def versions(self) -> int:
        """The number of different versions of all rows together."""
        return len(self._counts())

    def redelivered(self) -> int:
        """The number of events that repeat a version of their row."""
        return sum(count - 1 for count in self._counts().values())

    def _counts(self) -> Counter[tuple[str, int]]:
        return Counter(
            (key, event.event.version) for key, events in self._events.items() for event in events
        )


class TopicFollower:
    """Reads from the start offsets on, and keeps the events of the followed rows."""

    def __init__(
        self, clients: Clients, table: Table, start: dict[int, int], keys: set[str]
    ) -> None:
        self._clients, self._table, self._next, self._keys = clients, table, dict(start), keys
        self._topic = events(table).name
        registry = SchemaRegistryClient(
            {"url": clients.settings.schema_registry_url, "max.retries": 1, "timeout": 4}
        )
        self._registry = component_of(clients.settings.schema_registry_url)
        self._decode = AvroDeserializer(registry)
        self._context = SerializationContext(self._topic, MessageField.VALUE)
        self.history = EventHistory()
        self.undecodable = 0

    def only(self, keys: set[str]) -> TopicFollower:
        """This follower, for some of its rows."""
        self._keys &= keys
        return self

    def count(self) -> int:
        """Reads the new messages; returns how many of the rows have an event. Raises
        UnreachableError."""
        ends = self._clients.kafka.offsets(self._topic)
        for message in messages.read(self._clients, self._next, ends, self._topic):
            offset = place(message)
            try:
                event = Event.of(self._table, self._record(message.value()))
            except UndecodableError:
                self.undecodable += 1
            else:
                if event.key in self._keys:
                    self.history.add(TopicEvent(event, offset))
            self._next[offset.partition] = offset.offset + 1
        return len(self.history)

    def _record(self, value: bytes | None) -> dict[str, Any]:
        try:
            record = self._decode(value, self._context)
        except (OSError, ConnectionError) as error:
            raise UnreachableError(self._registry, str(error)) from error
        except Exception as error:
            if "httpx" in type(error).__module__ or "httpcore" in type(error).__module__:
                raise UnreachableError(self._registry, str(error)) from error
            raise UndecodableError(str(error)) from error
        if not isinstance(record, dict):
            raise UndecodableError("is not an Avro record")
        return record
