"""Clients of a platform in memory: PostgreSQL, topics, the Schema Registry and Cassandra.

They answer the statements and requests of control_center/pipeline, and fail on any other.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import fastavro
from confluent_kafka import TopicPartition

from contract.kafka import signals
from contract.kafka.events import COMMITTED_MS, DELETED, LSN, OPERATION, VERSION, prefix
from contract.kafka.topics import events
from contract.stores.cassandra import batches
from contract.stores.cassandra import table as cassandra
from contract.stores.cassandra.batches import BatchRecord
from contract.stores.postgres import table as postgres
from contract.stores.postgres.roles import Role
from contract.stream.deployed import Deployed
from contract.table.debezium_names import field_name
from contract.table.key import key_text
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.config import Settings
from control_center.pipeline.row_repository import key_reader
from tests.control_center.sample_tables import ORDERS, USERS

Row = tuple[Any, ...]

COMMITTED = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
COMMITTED_AT = int(COMMITTED.timestamp() * 1000)
TABLES = {table.name: table for table in (ORDERS, USERS)}


def person(key: str, city: str, email: str | None = None) -> Row:
    """A row of users with nothing but id, city and email."""
    return row(USERS, id=key, city=city, email=email)


def order(customer: str, number: int, size: str | None = None, note: str | None = None) -> Row:
    """A row of orders."""
    return row(ORDERS, customer=customer, number=number, größe=size, note=note)


def row(table: Table, **values: Any) -> Row:
    return tuple(values.get(name) for name in table.names)


def value_schema(table: Table) -> dict[str, Any]:
    return {
        "type": "record",
        "name": "Value",
        "fields": [
            *(
                {"name": field_name(column.name), "type": ["null", column.kind.avro]}
                for column in table.columns
            ),
            {"name": LSN, "type": "long"},
            {"name": COMMITTED_MS, "type": "long"},
            *({"name": name, "type": "string"} for name in (VERSION, OPERATION, DELETED)),
        ],
    }


def key_schema(table: Table) -> dict[str, Any]:
    fields = [{"name": field_name(part.name), "type": part.kind.avro} for part in table.key]
    return {"type": "record", "name": "Key", "fields": fields}


def _schemas() -> dict[int, tuple[str, dict[str, Any]]]:
    """Id → subject and schema."""
    found = []
    for table in TABLES.values():
        topic = events(table)
        found.append((topic.value_subject, value_schema(table)))
        found.append((topic.key_subject, key_schema(table)))
    return dict(enumerate(found, 1))


SCHEMAS = _schemas()
IDS = {subject: number for number, (subject, _) in SCHEMAS.items()}


def event(row: Row, version: int, deleted: bool = False, table: Table = USERS) -> bytes:
    """The value of a change event."""
    record = dict(zip(map(field_name, table.names), row, strict=True)) | {
        LSN: version,
        COMMITTED_MS: COMMITTED_AT,
        VERSION: str(version),
        OPERATION: "d" if deleted else "u",
        DELETED: str(deleted).lower(),
    }
    return _encoded(events(table).value_subject, record)


def message_key(row: Row, table: Table = USERS) -> bytes:
    """The key of the row's messages."""
    values = dict(zip(table.names, row, strict=True))
    record = {field_name(part.name): values[part.name] for part in table.key}
    return _encoded(events(table).key_subject, record)


def decoded(subject: str, data: bytes) -> dict[str, Any]:
    """The record in a key or value of this subject."""
    number = IDS[subject]
    assert data.startswith(prefix(number))
    schema = fastavro.parse_schema(SCHEMAS[number][1])
    record: Any = fastavro.schemaless_reader(io.BytesIO(data[5:]), schema, None)
    assert isinstance(record, dict)
    return record


def _encoded(subject: str, record: Mapping[str, Any]) -> bytes:
    buffer = io.BytesIO()
    schema = fastavro.parse_schema(SCHEMAS[IDS[subject]][1])
    fastavro.schemaless_writer(buffer, schema, record)
    return prefix(IDS[subject]) + buffer.getvalue()


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
    """A connection that is its own cursor. `rows`: name of a table → key → row. `outside`: keys of
    rows outside their domain. `epoch`: the one row of riada.capture, if there is one. `signals`:
    the rows of riada.signal. `roles` and `statement_timeout_s`: of the connections, and of the
    newest one, 0 for none."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Row]] = {name: {} for name in TABLES}
        self.outside: set[str] = set()
        self.epoch: tuple[int, str, datetime] | None = None
        self.signals: list[tuple[str, str, str]] = []
        self.roles: list[Role] = []
        self.statement_timeout_s: float = 0
        self._cursor = ""
        self._answer: list[Row] = []

    def __enter__(self) -> InMemoryPostgres:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def set_session(self, **options: Any) -> None:
        assert options == {"isolation_level": "REPEATABLE READ", "readonly": True}

    @contextmanager
    def cursor(self, name: str = "") -> Iterator[InMemoryPostgres]:
        self._cursor, self.itersize = name, 1
        yield self

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        if statement == signals.INSERT:
            self.signals.append((parameters[0], parameters[1], parameters[2]))
        elif "riada.capture" in statement:
            self._answer = [self.epoch] if self.epoch else []
        else:
            self._answer = self._select(statement, parameters)

    def fetchall(self) -> list[Row]:
        return self._answer

    def fetchone(self) -> Row | None:
        return next(iter(self._answer), None)

    def __iter__(self) -> Iterator[Row]:
        """As a million rows can be read: a cursor with a name is the server's, and holds a part of
        them; a statement timeout would end it."""
        assert self._cursor
        assert self.statement_timeout_s == 0
        return iter(self._answer)

    def _select(self, statement: str, parameters: Sequence[Any]) -> list[Row]:
        [table] = [
            table for table in TABLES.values() if f" FROM {postgres.qualified(table)}" in statement
        ]
        rows = list(self.rows[table.name].values())
        key_of = key_reader(table)
        if postgres.by_keys(table) in statement:
            wanted = {key_text(table, values) for values in zip(*parameters, strict=True)}
            rows = [row for row in rows if key_of(row) in wanted]
        elif " WHERE " in statement:
            [place] = [
                place
                for place, name in enumerate(table.names)
                if f" WHERE {postgres.quoted(name)} = %s" in statement
            ]
            rows = [row for row in rows if row[place] == parameters[0]]
        if " LIMIT %s" in statement:
            rows = sorted(rows, key=key_of)[: parameters[0]]
        places = [table.names.index(part.name) for part in table.key]
        keys = [tuple(row[place] for place in places) for row in rows]
        if "count(*)" in statement:
            return [(len(rows),)]
        if statement.startswith(f"SELECT {postgres.read(table)} FROM"):
            return rows
        if statement.startswith(f"SELECT {postgres.read_key(table)} FROM"):
            return keys
        assert statement.startswith(f"SELECT {postgres.read_key(table)}, ")
        return [(*key, key_text(table, key) not in self.outside) for key in keys]


class InMemoryCassandra:
    """`rows`: name of a table → key → row and its origin: LSN, milliseconds of the commit,
    partition and offset. The LSN is the write timestamp too. `queries`: CQL → names of columns and
    rows; `bound`: the values of the newest query's parameters."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, tuple[Row, tuple[int | None, ...]]]] = {
            name: {} for name in TABLES
        }
        self.records: list[BatchRecord] = []
        self.queries: dict[str, tuple[list[str], list[Row]]] = {}
        self.types: Mapping[str, str] = {}
        self.bound: Mapping[str, Any] = {}

    def execute_each(self, query: str, parameters: Sequence[Sequence[Any]]) -> list[list[Row]]:
        [table] = [table for table in TABLES.values() if cassandra.qualified(table) in query]
        stored = self.rows[table.name]
        found = [stored.get(key_text(table, values)) for values in parameters]
        if query == cassandra.select_row(table):
            return [[(*item[0], *item[1])] if item else [] for item in found]
        assert query == cassandra.select_version(table)
        return [[(item[1][0],)] if item else [] for item in found]

    def scan(self, query: str, page: int = 5000) -> Iterator[Row]:
        [table] = [table for table in TABLES.values() if query == cassandra.select_all(table)]
        assert page > 0
        for row, origin in self.rows[table.name].values():
            yield (*row, *origin)

    def page(
        self,
        query: str,
        bind: Callable[[Mapping[str, str]], Mapping[str, Any]],
        limit: int,
        timeout_s: float,
    ) -> tuple[list[str], list[Row]]:
        self.bound = bind(self.types)
        names, rows = self.queries[query]
        return names, rows[:limit]

    def execute(self, query: str, parameters: Sequence[Any]) -> list[Any]:
        assert query in (batches.NEWEST, batches.SINCE)
        day, limit = parameters[1], parameters[2]
        if parameters[0] != USERS.name:
            return []
        records = [record for record in self.records if record.written_at.date() == day]
        if query == batches.SINCE:
            return [_row(record) for record in records if record.written_at >= limit]
        return [_row(record) for record in records[::-1][:limit]]


class InMemoryRegistry:
    """The Schema Registry as Http answers for it."""

    def __init__(self) -> None:
        self.schemas = dict(SCHEMAS)

    def request(self, method: str, url: str) -> SimpleNamespace:
        path = url.split("/apis/ccompat/v7")[-1]
        for number, (subject, schema) in self.schemas.items():
            if path in (f"/schemas/ids/{number}", f"/subjects/{subject}/versions/latest"):
                return _answer(200, {"id": number, "schema": json.dumps(schema)})
        return _answer(404, {})


class InMemoryClients(Clients):
    """One platform with the tables `orders` and `users`; its state folder is `state`. Batches are
    those of users."""

    def __init__(self, state: Path) -> None:
        super().__init__(Settings.load({"STATE": str(state)}))
        self.database, self.broker = InMemoryPostgres(), InMemoryKafka()
        self.store, self.registry = InMemoryCassandra(), InMemoryRegistry()
        self.__dict__.update(kafka=self.broker, cassandra=self.store, http=self.registry)

    def deployed(self) -> Deployed:
        return Deployed("r1", "j1", TABLES)

    def tables(self) -> Mapping[str, Table]:
        return TABLES

    def table(self, name: str) -> Table:
        return TABLES[name]

    @contextmanager
    def postgres(self, role: Role = Role.OBSERVER, statement_timeout_s: float = 4) -> Iterator[Any]:
        self.database.roles.append(role)
        self.database.statement_timeout_s = statement_timeout_s
        yield self.database


def _answer(status: int, body: Any) -> SimpleNamespace:
    return SimpleNamespace(status_code=status, is_success=status < 300, json=lambda: body)


def _row(record: BatchRecord) -> SimpleNamespace:
    values = record.to_row(USERS.name)
    return SimpleNamespace(**dict(zip(batches.COLUMNS, values, strict=True)))
