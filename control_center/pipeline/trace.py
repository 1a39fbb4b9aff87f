"""The path of one person's newest change through the stages that it has reached."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Protocol

from contract.errors import NotFoundError
from contract.kafka.offsets import TopicOffset
from contract.stores.cassandra.batches import BatchRecord
from contract.stream import trace as contract
from contract.stream.trace import PersonTrace, StageMilliseconds
from contract.table.domain import UUID_PATTERN
from contract.table.instant import EPOCH, moment
from control_center.clients.clients import Clients
from control_center.config import COMPONENT
from control_center.pipeline import batches, messages, user_repository
from control_center.pipeline.stage_timestamps import StageTimestamps, iso, lsn_text
from control_center.pipeline.topic_message import TopicMessage
from control_center.pipeline.user_repository import Origin

ID = re.compile(UUID_PATTERN, re.IGNORECASE)
RECORDED = timedelta(minutes=1)  # a batch is recorded right after its rows
CLOCKS = timedelta(seconds=5)  # the driver's clock may be behind PostgreSQL's


class UnknownPersonError(NotFoundError):
    """PostgreSQL does not hold a person with this id or email."""


class TraceSource(Protocol):
    """The reads of a trace in each stage. Methods may raise UnreachableError."""

    def person_id(self, column: str, value: str) -> str | None:
        """The id of a person in PostgreSQL by `id` or `email`; None if there is none."""
        ...

    def origin(self, person_id: str) -> Origin | None:
        """The origin of Cassandra's row of the person; None without a row."""
        ...

    def on_topic_at(self, offset: TopicOffset) -> datetime | None:
        """When the event came to the topic; None if retention has deleted it."""
        ...

    def batch(self, offset: TopicOffset, after: datetime) -> BatchRecord | None:
        """The first batch since `after` that covers the event."""
        ...


class PlatformTraceSource:
    """Implements `TraceSource` with the platform's clients."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def person_id(self, column: str, value: str) -> str | None:
        return user_repository.id_in_postgres(self._clients, column, value)

    def origin(self, person_id: str) -> Origin | None:
        _, origins = user_repository.in_cassandra(self._clients, [person_id])
        return origins.get(person_id)

    def on_topic_at(self, offset: TopicOffset) -> datetime | None:
        message = messages.read_one(self._clients, *offset)
        return moment(TopicMessage.of(message).timestamp_ms) if message is not None else None

    def batch(self, offset: TopicOffset, after: datetime) -> BatchRecord | None:
        return batches.covering(self._clients, offset.partition, offset.offset, after)


def trace_person(clients: Clients, key: str) -> PersonTrace:
    """The trace of the person with this id or email; raises UnknownPersonError,
    UnreachableError."""
    return trace(PlatformTraceSource(clients), key, datetime.now(UTC))


def trace(source: TraceSource, key: str, now: datetime) -> PersonTrace:
    """Does the work of trace_person, at the time `now`."""
    person_id = find_id(source, key)
    origin = source.origin(person_id)
    if origin is None or origin.offset is None:
        return PersonTrace(
            id=person_id,
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
    return PersonTrace(
        id=person_id,
        arrived=committed is None or batch is not None or now - committed > RECORDED,
        postgres=contract.Commit(
            iso(committed), None if origin.source_lsn is None else lsn_text(origin.source_lsn)
        ),
        kafka=contract.TopicEvent(offset.partition, offset.offset, iso(times.on_topic)),
        spark=_batch(batch) if batch else None,
        cassandra=contract.Write(iso(times.written)),
        milliseconds=times.milliseconds(),
    )


def find_id(source: TraceSource, key: str) -> str:
    """The id of the person in PostgreSQL with this id or email; raises UnknownPersonError."""
    by_id = ID.fullmatch(key) is not None
    if not by_id and "@" not in key:
        raise UnknownPersonError(COMPONENT, "give an id (a UUID) or an email address")
    person_id = source.person_id("id" if by_id else "email", key)
    if person_id is None:
        raise UnknownPersonError(COMPONENT, "no person in PostgreSQL has this id or email")
    return person_id


def _batch(batch: BatchRecord) -> contract.Batch:
    return contract.Batch(
        batch.batch_id,
        batch.started_at.isoformat(timespec="milliseconds"),
        batch.release,
        batch.upserts + batch.deletes,
    )
