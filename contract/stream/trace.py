"""The path of a row's change: commit, topic, batch, write (GET /api/tables/TABLE/rows/KEY and
/api/tables/TABLE/versions/KEY). A key is its text (contract/table/key.py).

Times are ISO 8601 in UTC with milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contract.json_record import JsonRecord


@dataclass(frozen=True)
class StageMilliseconds(JsonRecord):
    """Milliseconds from one stage to the next, and from commit to readable; None for a stage that
    was not reached."""

    commit_to_topic: int | None = None
    topic_to_batch: int | None = None
    batch_to_written: int | None = None
    commit_to_readable: int | None = None


@dataclass(frozen=True)
class Commit(JsonRecord):
    """`lsn` as PostgreSQL writes it, such as 0/16B3748. Both are None until the row has arrived:
    PostgreSQL's table does not hold them."""

    committed_at: str | None = None
    lsn: str | None = None


@dataclass(frozen=True)
class TopicEvent(JsonRecord):
    """`at` is None if retention has deleted the event."""

    partition: int
    offset: int
    at: str | None


@dataclass(frozen=True)
class Batch(JsonRecord):
    """`rows`: all rows that the batch wrote or deleted."""

    batch_id: int
    started_at: str
    release: str
    rows: int


@dataclass(frozen=True)
class Write(JsonRecord):
    """None if the record of the batch has expired."""

    written_at: str | None


@dataclass(frozen=True)
class RowTrace(JsonRecord):
    """The path of a row's newest change. `arrived`: True if Cassandra holds the change, and the
    record of its batch exists or is no longer expected. A stage is None until it is reached.
    """

    table: str
    key: str
    arrived: bool
    postgres: Commit
    kafka: TopicEvent | None
    spark: Batch | None
    cassandra: Write | None
    milliseconds: StageMilliseconds


@dataclass(frozen=True)
class RowVersion(JsonRecord):
    """One event of a row. `operation`: insert, update, delete or snapshot; `position` orders the
    versions (contract/table/version.py); `batch` and `written_at`: None if no record of a batch
    covers the event; `record`: the decoded value, masked unless it was requested unmasked."""

    operation: str
    position: int
    lsn: str
    committed_at: str | None
    partition: int
    offset: int
    on_topic_at: str | None
    batch: int | None
    written_at: str | None
    milliseconds: StageMilliseconds
    record: Mapping[str, Any]


@dataclass(frozen=True)
class RowVersions(JsonRecord):
    """The versions that the topic still holds, newest first, among `read` messages."""

    read: int
    versions: tuple[RowVersion, ...]
