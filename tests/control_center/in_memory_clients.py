"""Clients of a platform in memory: PostgreSQL, topics, the Schema Registry and Cassandra.

They answer the statements and requests of control_center/pipeline, and fail on any other.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import fastavro
from confluent_kafka import TopicPartition

from contract.kafka.events import COMMITTED_MS, DELETED, LSN, OPERATION, VERSION, prefix
from contract.stores.cassandra import batches
from contract.stores.cassandra.batches import BatchRecord
from contract.stores.cassandra.cql import ORIGIN, QUERIES
from contract.stores.postgres.roles import Role
from contract.table.columns import NAMES
from control_center.clients.clients import Clients
from control_center.config import Settings

Row = tuple[Any, ...]

COMMITTED = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
COMMITTED_AT = int(COMMITTED.timestamp() * 1000)
SCHEMA_ID = 1
SCHEMA: dict[str, Any] = {
    "type": "record",
    "name": "Value",
    "fields": [
        *({"name": name, "type": ["null", "string"]} for name in NAMES),
        {"name": LSN, "type": "long"},
        {"name": COMMITTED_MS, "type": "long"},
        *({"name": name, "type": "string"} for name in (VERSION, OPERATION, DELETED)),
    ],
}


def person(key: str, city: str, email: str | None = None) -> Row:
    """A row with nothing but id, city and email."""
    return tuple({"id": key, "city": city, "email": email}.get(name) for name in NAMES)


def event(row: Row, version: int, deleted: bool = False) -> bytes:
    """The value of a change event."""
    record = dict(zip(NAMES, row, strict=True)) | {
        LSN: version,
        COMMITTED_MS: COMMITTED_AT,
        VERSION: str(version),
        OPERATION: "d" if deleted else "u",
        DELETED: str(deleted).lower(),
    }
    buffer = io.BytesIO()
    fastavro.schemaless_writer(buffer, fastavro.parse_schema(SCHEMA), record)
    return prefix(SCHEMA_ID) + buffer.getvalue()


class InMemoryMessage:
    """A message with the methods of confluent_kafka's Message."""

    def __init__(
        self,
        key: bytes | None,
        value: bytes | None,
        headers: Sequence[tuple[str, bytes | None]] = (),
        timestamp_ms: int = COMMITTED_AT + 250,
    ) -> None:
        self.place = TopicPartition("", 0, 0)
        self._key, self._value, self._headers = key, value, list(headers)
        self.time = 1, timestamp_ms

    def partition(self) -> int:
        return self.place.partition

    def offset(self) -> int:
        return self.place.offset

    def key(self) -> bytes | None:
        return self._key

    def value(self) -> bytes | None:
        return self._value

    def headers(self) -> list[tuple[str, bytes | None]]:
        return self._headers

    def timestamp(self) -> tuple[int, int]:
        return self.time

    def error(self) -> None:
        return None


class InMemoryKafka:
    """`topics`: name → partition → messages. `deleted`: (topic, partition) → how many of the first
    messages retention has deleted. `produced`: the arguments of each produced message; `error`:
    why the brokers refuse them all, or empty."""

    component = "kafka-1"

    def __init__(self) -> None:
        self.topics: dict[str, dict[int, list[InMemoryMessage]]] = {}
        self.deleted: dict[tuple[str, int], int] = {}
        self.produced: list[dict[str, Any]] = []
        self.error = ""

    def add(self, topic: str, partition: int, message: InMemoryMessage) -> None:
        messages = self.topics.setdefault(topic, {}).setdefault(partition, [])
        message.place = TopicPartition(topic, partition, len(messages))
        messages.append(message)

    def offsets(self, topic: str, spec: Any = None) -> dict[int, int]:
        assert spec is None
        return {part: len(messages) for part, messages in self.topics.get(topic, {}).items()}

    def earliest(self, topic: str) -> dict[int, int]:
        return {part: self.deleted.get((topic, part), 0) for part in self.topics.get(topic, {})}

    def metadata(self, topic: str) -> SimpleNamespace:
        return SimpleNamespace(topics={topic: topic})

    def spans(self, topics: Collection[str]) -> dict[str, dict[int, tuple[int, int]]]:
        return {
            topic: {
                part: (self.earliest(topic)[part], end) for part, end in self.offsets(topic).items()
            }
            for topic in topics
        }

    def consumer(self, **_: Any) -> InMemoryConsumer:
        return InMemoryConsumer(self)

    def producer(self) -> InMemoryProducer:
        return InMemoryProducer(self)


class InMemoryConsumer:
    """Delivers two messages of each partition at a time, also beyond the requested end."""

    def __init__(self, kafka: InMemoryKafka) -> None:
        self._kafka = kafka
        self._next: dict[tuple[str, int], int] = {}

    def assign(self, places: Sequence[TopicPartition]) -> None:
        self._next = {(place.topic, place.partition): place.offset for place in places}

    def incremental_unassign(self, places: Sequence[TopicPartition]) -> None:
        for place in places:
            del self._next[place.topic, place.partition]

    def consume(self, count: int, timeout_s: float) -> list[InMemoryMessage]:
        messages: list[InMemoryMessage] = []
        for (topic, part), first in self._next.items():
            messages += self._kafka.topics[topic][part][first : first + 2]
            self._next[topic, part] = first + 2
        return messages

    def close(self) -> None:
        self._next = {}


class InMemoryProducer:
    """Delivers at `flush`."""

    def __init__(self, kafka: InMemoryKafka) -> None:
        self._kafka = kafka
        self._waiting: list[Callable[[SimpleNamespace | None, None], None]] = []

    def produce(self, topic: str, value: Any, key: Any, partition: int, **options: Any) -> None:
        self._waiting.append(options.pop("on_delivery"))
        arguments = {"topic": topic, "value": value, "key": key, "partition": partition}
        self._kafka.produced.append(arguments | options)

    def poll(self, timeout_s: float) -> None:
        pass

    def flush(self, timeout_s: float) -> int:
        text = self._kafka.error
        error = SimpleNamespace(str=lambda: text) if text else None
        for delivered in self._waiting:
            delivered(error, None)
        self._waiting = []
        return 0


class InMemoryPostgres:
    """A connection that is its own cursor. `epoch`: the one row of public.capture, if there is one.
    `statement_timeout_s`: of the newest connection, 0 for none."""

    def __init__(self) -> None:
        self.users: dict[str, Row] = {}
        self.epoch: tuple[int, str, datetime] | None = None
        self.statement_timeout_s: float = 0
        self._cursor = ""
        self._rows: list[Row] = []

    def set_session(self, **options: Any) -> None:
        assert options == {"isolation_level": "REPEATABLE READ", "readonly": True}

    @contextmanager
    def cursor(self, name: str = "") -> Iterator[InMemoryPostgres]:
        self._cursor, self.itersize = name, 1
        yield self

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        rows = list(self.users.values())
        if "public.capture" in statement:
            self._rows = [self.epoch] if self.epoch else []
            return
        if "= ANY" in statement:
            rows = [row for row in rows if row[0] in parameters[0]]
        elif "WHERE" in statement:
            column = NAMES.index("email" if "email = %s" in statement else "id")
            rows = [row for row in rows if row[column] == parameters[0]]
        if "count(*)" in statement:
            self._rows = [(len(rows),)]
        elif "SELECT id::text FROM" in statement:
            self._rows = [(row[0],) for row in rows]
        else:
            self._rows = list(rows)

    def fetchall(self) -> list[Row]:
        return self._rows

    def fetchone(self) -> Row | None:
        return next(iter(self._rows), None)

    def __iter__(self) -> Iterator[Row]:
        """As a million rows can be read: a cursor with a name is the server's, and holds a part of
        them; a statement timeout would end it."""
        assert self._cursor
        assert self.statement_timeout_s == 0
        return iter(self._rows)


class InMemoryCassandra:
    """`rows`: id → row and, in the order of ORIGIN, where it comes from."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[Row, tuple[int | None, ...]]] = {}
        self.records: list[BatchRecord] = []

    def execute_each(self, query: str, keys: Sequence[UUID]) -> list[list[Any]]:
        assert query == QUERIES["by_id"]
        return [
            [SimpleNamespace(**dict(zip((*NAMES, *ORIGIN), (*row, *origin), strict=True)))]
            for row, origin in (self.rows[str(key)] for key in keys if str(key) in self.rows)
        ]

    def scan(self, query: str, page: int = 5000) -> Iterator[Row]:
        assert query == QUERIES["everybody"]
        assert page > 0
        for row, origin in self.rows.values():
            yield (*row, *origin)

    def execute(self, query: str, parameters: Sequence[Any]) -> list[Any]:
        assert query in (batches.NEWEST, batches.SINCE)
        day, limit = parameters[1], parameters[2]
        records = [record for record in self.records if record.written_at.date() == day]
        if query == batches.SINCE:
            return [_row(record) for record in records if record.written_at >= limit]
        return [_row(record) for record in records[::-1][:limit]]


class InMemoryRegistry:
    """The Schema Registry as Http answers for it."""

    def request(self, method: str, url: str) -> SimpleNamespace:
        known = url.endswith(f"/schemas/ids/{SCHEMA_ID}")
        body = {"schema": json.dumps(SCHEMA)}
        status = 200 if known else 404
        return SimpleNamespace(status_code=status, is_success=known, json=lambda: body)


class InMemoryClients(Clients):
    """One platform; its state folder is `state`."""

    def __init__(self, state: Path) -> None:
        super().__init__(Settings.load({"STATE": str(state)}))
        self.database, self.broker = InMemoryPostgres(), InMemoryKafka()
        self.store = InMemoryCassandra()
        self.__dict__.update(kafka=self.broker, cassandra=self.store, http=InMemoryRegistry())

    @contextmanager
    def postgres(self, role: Role = Role.OBSERVER, statement_timeout_s: float = 4) -> Iterator[Any]:
        self.database.statement_timeout_s = statement_timeout_s
        yield self.database


def _row(record: BatchRecord) -> SimpleNamespace:
    return SimpleNamespace(**dict(zip(batches.COLUMNS, record.to_row(), strict=True)))
