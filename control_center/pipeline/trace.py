"""The path of one row's newest change through the stages that it has reached."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

from contract.errors import NotFoundError
from contract.kafka import topics
from contract.kafka.offsets import TopicOffset
from contract.stores.cassandra.batches import BatchRecord
from contract.stream import trace as contract
from contract.stream.trace import RowTrace, StageMilliseconds
from contract.table.column import Column
from contract.table.instant import EPOCH, moment
from contract.table.key import key_text
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.config import COMPONENT
from control_center.pipeline import batches, messages, row_repository
from control_center.pipeline.row_repository import Origin
from control_center.pipeline.stage_timestamps import StageTimestamps, iso, lsn_text
from control_center.pipeline.topic_message import TopicMessage

RECORDED = timedelta(minutes=1)  # a batch is recorded right after its rows
CLOCKS = timedelta(seconds=5)  # the driver's clock may be behind PostgreSQL's


class UnknownRowError(NotFoundError):
    """PostgreSQL does not hold a row with this key, or with this value in an indexed column."""


class TraceSource(Protocol):
    """The reads of a trace in each stage. Methods may raise UnreachableError."""

    def holds(self, key: str) -> bool:
        """Does PostgreSQL hold the row?"""
        ...

    def key_by(self, column: str, text: str) -> str | None:
        """The key of a row in PostgreSQL with this value in the column; None if there is none."""
        ...

    def origin(self, key: str) -> Origin | None:
        """The origin of Cassandra's row; None without a row."""
        ...

    def on_topic_at(self, offset: TopicOffset) -> datetime | None:
        """When the event came to the topic; None if retention has deleted it."""
        ...

    def batch(self, offset: TopicOffset, after: datetime) -> BatchRecord | None:
        """The first batch since `after` that covers the event."""
        ...


class PlatformTraceSource:
    """Implements `TraceSource` with the platform's clients."""

    def __init__(self, clients: Clients, table: Table) -> None:
        self._clients, self._table = clients, table

    def holds(self, key: str) -> bool:
        return bool(row_repository.held_in_postgres(self._clients, self._table, [key]))

    def key_by(self, column: str, text: str) -> str | None:
        """Cassandra has an index of the column. PostgreSQL, which then reads the table until its
        timeout, is asked only for rows that are not in Cassandra."""
        known = row_repository.key_in_cassandra(self._clients, self._table, column, text)
        if known is not None and self.holds(known):
            return known
        return row_repository.key_in_postgres(self._clients, self._table, column, text)

    def origin(self, key: str) -> Origin | None:
        _, origins = row_repository.in_cassandra(self._clients, self._table, [key])
        return origins.get(key)

    def on_topic_at(self, offset: TopicOffset) -> datetime | None:
        topic = topics.events(self._table).name
        message = messages.read_one(self._clients, topic, *offset)
        return moment(TopicMessage.of(message).timestamp_ms) if message is not None else None

    def batch(self, offset: TopicOffset, after: datetime) -> BatchRecord | None:
        return batches.covering(self._clients, self._table, offset.partition, offset.offset, after)


def trace_row(clients: Clients, table: Table, text: str) -> RowTrace:
    """The trace of the row with this key, or with this value in an indexed column; raises
    UnknownRowError, UnreachableError."""
    return trace(PlatformTraceSource(clients, table), table, text, datetime.now(UTC))


def trace(source: TraceSource, table: Table, text: str, now: datetime) -> RowTrace:
    """Does the work of trace_row, at the time `now`."""
    key = known_key(source, table, text)
    origin = source.origin(key)
    if origin is None or origin.offset is None:
        return RowTrace(
            table=table.name,
            key=key,
            arrived=False,
            postgres=contract.Commit(),
            kafka=None,
            spark=None,
            cassandra=None,
            milliseconds=StageMilliseconds(),
        )
    offset, committed = origin.offset, moment(origin.committed_ms)
    batch = source.batch(offset, max(committed, EPOCH) - CLOCKS) if committed else None
    times = StageTimestamps.of(committed, source.on_topic_at(offset), batch)
    return RowTrace(
        table=table.name,
        key=key,
        arrived=committed is None or batch is not None or now - committed > RECORDED,
        postgres=contract.Commit(
            iso(committed), None if origin.source_lsn is None else lsn_text(origin.source_lsn)
        ),
        kafka=contract.TopicEvent(offset.partition, offset.offset, iso(times.on_topic)),
        spark=_batch(batch) if batch else None,
        cassandra=contract.Write(iso(times.written)),
        milliseconds=times.milliseconds(),
    )


def known_key(source: TraceSource, table: Table, text: str) -> str:
    """The key of the row in PostgreSQL with this key, or with this value in an indexed column;
    raises UnknownRowError."""
    values = row_repository.key_values(table, text)
    if values is not None:
        text_of_key = key_text(table, values)
        if source.holds(text_of_key):
            return text_of_key
    for name in table.indexes:
        value = _postgres_text(table.column(name), text)
        key = source.key_by(name, value) if value is not None else None
        if key is not None:
            return key
    raise UnknownRowError(COMPONENT, f"no row of {table.name} in PostgreSQL has {_wanted(table)}")


def _wanted(table: Table) -> str:
    names = ", ".join(column.name for column in table.key)
    key = f"this key ({names})" if len(table.key) == 1 else f"this key (a JSON array of {names})"
    return " or this value in ".join([key, *filter(None, [", ".join(table.indexes)])])


def _postgres_text(column: Column, text: str) -> str | None:
    """The text as PostgreSQL reads it; None if the column cannot hold it."""
    try:
        value = column.kind.canonical(text)
        return column.kind.postgres_text(value) if row_repository.fits(column, value) else None
    except (TypeError, ValueError, ArithmeticError):
        return None


def _batch(batch: BatchRecord) -> contract.Batch:
    return contract.Batch(
        batch.batch_id,
        batch.started_at.isoformat(timespec="milliseconds"),
        batch.release,
        batch.upserts + batch.deletes,
    )
