"""The stores of one table on the platform."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager

from contract.jobs.compare import OffsetGap
from contract.kafka.change import UndecodableError
from contract.kafka.offsets import TopicOffset
from contract.kafka.topics import events
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.health.probes import driver
from control_center.jobs.compare.key_differences import outside
from control_center.jobs.verification.batch_gaps import BatchGaps
from control_center.jobs.verification.cassandra import CassandraReader
from control_center.jobs.verification.connections import Connections
from control_center.jobs.verification.postgres import PostgresReader
from control_center.jobs.verification.stores import (
    CassandraRow,
    Changes,
    PostgresRow,
    Row,
    Snapshot,
)
from control_center.pipeline import messages, verified
from control_center.pipeline.barrier import StrictBarrier
from control_center.pipeline.decoder import Decoder


class PlatformStores:
    """Implements `Stores`."""

    def __init__(self, clients: Clients, connections: Connections, table: Table) -> None:
        self.table = table
        self._clients, self._decoder = clients, Decoder(clients, table)
        self._postgres = PostgresReader(clients, connections, table)
        self._cassandra = CassandraReader(clients, table)
        self._gaps = BatchGaps(clients, table)
        self._epoch = 0  # of the identity

    def identity(self) -> str:
        """Of the epoch of capture, Cassandra's table, the last time that the query began at the
        topic's beginning, and the columns."""
        capture = verified.current(self._clients, self.table.database)
        status = driver.status(self._clients)
        query = status.tables.get(self.table.name) if status else None
        self._epoch = capture.epoch if capture else 0
        columns = [(column.name, column.kind.spec) for column in self.table.columns]
        facts = (
            self._epoch,
            capture.began_at if capture else "",
            self._cassandra.table_id(),
            query.restart.at if query and query.restart else "",
            (self.table.database, self.table.schema, self.table.relation),
            (self.table.partition, self.table.clustering, columns),
        )
        return hashlib.blake2b(repr(facts).encode(), digest_size=16).hexdigest()

    def snapshot(self) -> Snapshot:
        return self._postgres.snapshot()

    def changed(self, since: Snapshot) -> AbstractContextManager[Changes]:
        return self._postgres.changed(since)

    def blocks(self, start: int, end: int) -> Mapping[str, PostgresRow]:
        return self._postgres.blocks(start, end)

    def in_postgres(self, keys: Collection[str]) -> Mapping[str, PostgresRow]:
        return self._postgres.by_keys(keys)

    def in_cassandra(self, keys: Collection[str]) -> Mapping[str, CassandraRow]:
        return self._cassandra.by_keys(keys)

    def keys_in_cassandra(self, start: int, end: int) -> Iterator[Sequence[Row]]:
        return self._cassandra.keys(start, end)

    def unknown_to_postgres(self, keys: Sequence[Row]) -> list[str]:
        return self._postgres.unknown(keys)

    def barrier(self) -> StrictBarrier:
        return StrictBarrier(self._clients, self.table)

    def event(self, offset: TopicOffset) -> tuple[str, Row | None] | None:
        message = messages.read_one(self._clients, events(self.table).name, *offset)
        if message is None:
            return None
        try:
            event = self._decoder.event(message.value())
        except UndecodableError:
            return None
        return event.key, None if event.deleted else event.row

    def is_outside(self, row: Row) -> bool:
        return bool(outside(self.table, row))

    def gaps(self) -> list[OffsetGap]:
        return self._gaps.known()

    def compared_at(self) -> float | None:
        at = verified.at(self._clients, self.table)
        return at.timestamp() if at else None

    def confirm(self, since: float) -> None:
        if self._epoch:
            verified.confirm(self._clients, self.table, self._epoch, since)
