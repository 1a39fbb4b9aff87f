"""Clients of a platform in memory: PostgreSQL, topics, the Schema Registry and Cassandra.

They answer the statements and requests of control_center/pipeline, and fail on any other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from contract.errors import UnreachableError
from contract.kafka.topics import events
from contract.stores.postgres.roles import Role
from contract.stream.deployed import Deployed
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.config import Settings
from tests.control_center.in_memory_kafka import InMemoryKafka
from tests.control_center.in_memory_kafka import InMemoryMessage as InMemoryMessage
from tests.control_center.in_memory_stores import InMemoryCassandra, InMemoryPostgres
from tests.control_center.sample_rows import COMMITTED as COMMITTED
from tests.control_center.sample_rows import COMMITTED_AT as COMMITTED_AT
from tests.control_center.sample_rows import SCHEMAS as SCHEMAS
from tests.control_center.sample_rows import TABLES as TABLES
from tests.control_center.sample_rows import Row
from tests.control_center.sample_rows import decoded as decoded
from tests.control_center.sample_rows import event as event
from tests.control_center.sample_rows import message_key as message_key
from tests.control_center.sample_rows import order as order
from tests.control_center.sample_rows import person as person


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
    """One platform with the tables `orders` and `users`; its state and its secrets are in the
    folder `state`. Batches are those of users. `database_names`: of each connection; `away`: name
    of a database that does not answer → the cause."""

    def __init__(self, state: Path) -> None:
        super().__init__(Settings.load({"STATE": str(state), "SECRETS": str(state)}))
        self.database_names: list[str] = []
        self.away: dict[str, str] = {}
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
    def postgres(
        self,
        database: str = "",
        role: Role = Role.OBSERVER,
        statement_timeout_s: float = 4,
    ) -> Iterator[Any]:
        self.database_names.append(database)
        if database in self.away:
            raise UnreachableError(database, self.away[database])
        self.database.roles.append(role)
        self.database.statement_timeout_s = statement_timeout_s
        yield self.database

    def add_change(
        self, row: Row, number: int, *, partition: int = 0, interval_ms: int = 1000
    ) -> None:
        """The change `number` of a row of users is on the topic, so many intervals after
        COMMITTED_AT."""
        at = COMMITTED_AT + number * interval_ms
        message = InMemoryMessage(message_key(row), event(row, number), timestamp_ms=at)
        self.broker.add(events(TABLES["users"]).name, partition, message)


def _answer(status: int, body: Any) -> SimpleNamespace:
    return SimpleNamespace(status_code=status, is_success=status < 300, json=lambda: body)
