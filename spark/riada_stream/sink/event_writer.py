"""Validated events → rows, deletes and dead letters.

Every step may be repeated. Rows and deletes have the version of their commit as write timestamp
(invariant 3), so a batch that was written in part, twice or long ago changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Protocol

from pyspark.sql import Column, DataFrame, Observation
from pyspark.sql import functions as F

from contract.kafka.dead_letters import REASON
from contract.kafka.offsets import TopicOffset
from contract.kafka.topics import dead_letters as dead_letter_topic
from contract.table.table import Table
from riada_stream.sink.batch_stats import BatchStats, aggregates
from riada_stream.sink.change import Change, Key
from riada_stream.sink.dead_letter_limit import DeadLetterLimit, TooManyDeadLettersError
from riada_stream.sink.dead_letters import RefusedRows, dead_letters
from riada_stream.sink.rows import message_of, upserts
from riada_stream.sink.write_counts import WriteCounts
from riada_stream.source.registry import UnknownColumnError
from riada_stream.source.schemas import Schemas
from riada_stream.source.validation import with_bound

log = logging.getLogger(__name__)

ROWS_AT_ONCE = 500
MAX_LOGGED = 20


class SchemaChangedError(Exception):
    """The registry knows schemas of some events that the query does not know: the query must
    restart with them. The batch loses no event, because it runs again."""


class EventSink(Protocol):
    """Writes validated events. EventWriter is the implementation for production."""

    @property
    def schemas(self) -> Schemas: ...

    def bulk(self, events: DataFrame) -> WriteCounts: ...

    def one_by_one(self, events: DataFrame) -> WriteCounts: ...


class SchemaSource(Protocol):
    """The part of source/registry.py that the writer uses."""

    @property
    def schemas(self) -> Schemas: ...

    @property
    def unknown_columns(self) -> Mapping[int, tuple[str, ...]]: ...

    def fetch(self, values: Iterable[int], keys: Iterable[int] = ()) -> set[int]: ...


class Store(Protocol):
    """The part of sink/cassandra_store.py that the writer uses."""

    def delete(self, deletes: Sequence[Change]) -> None: ...

    def upsert(self, rows: Sequence[Sequence[Any]]) -> list[str | None]: ...

    def missing_upserts(self, upserts: Sequence[Change]) -> list[Change]: ...


class VersionBound(Protocol):
    """The part of source/position.py that the writer uses."""

    @property
    def bound(self) -> int | None: ...

    def refresh(self, after_ms: int = 0) -> int | None: ...


WriteRows = Callable[[DataFrame], tuple[BatchStats, RefusedRows]]


class EventWriter:
    """Writes a table's events in bulk, or one by one: then a row that Cassandra refuses is a dead
    letter.

    `release` returns the release in effect. `write_rows` writes rows of upserts() in bulk,
    `send_dead_letters` produces dead letters. Both return when everything is acknowledged.
    """

    def __init__(
        self,
        table: Table,
        release: Callable[[], str],
        registry: SchemaSource,
        store: Store,
        position: VersionBound,
        limit: DeadLetterLimit,
        write_rows: Callable[[DataFrame], None],
        send_dead_letters: Callable[[DataFrame], None],
    ) -> None:
        self._table = table
        self._release = release
        self._registry = registry
        self._schemas = registry.schemas
        self._store = store
        self._position = position
        self._limit = limit
        self._write_rows = write_rows
        self._send_dead_letters = send_dead_letters

    @property
    def schemas(self) -> Schemas:
        """The schemas that this writer's query knows."""
        return self._schemas

    def bulk(self, events: DataFrame) -> WriteCounts:
        return self._write(events, self._bulk_rows)

    def one_by_one(self, events: DataFrame) -> WriteCounts:
        return self._write(events, self._rows_one_by_one)

    def _bulk_rows(self, events: DataFrame) -> tuple[BatchStats, RefusedRows]:
        observation = Observation()
        rows = upserts(events.observe(observation, *aggregates(self._table)), self._table)
        self._write_rows(rows)
        return BatchStats.from_row(observation.get), {}

    def _rows_one_by_one(self, events: DataFrame) -> tuple[BatchStats, RefusedRows]:
        refused: dict[TopicOffset, str] = {}
        rows = upserts(events, self._table).toLocalIterator()
        while chunk := list(islice(rows, ROWS_AT_ONCE)):
            for row, refusal in zip(chunk, self._store.upsert(chunk), strict=True):
                if refusal:
                    refused[message_of(row)] = refusal
        return BatchStats.from_row(events.agg(*aggregates(self._table)).first().asDict()), refused

    def _write(self, unbounded: DataFrame, write_rows: WriteRows) -> WriteCounts:
        events = with_bound(unbounded, self._position.bound)
        stats, refused = write_rows(events)
        if stats.beyond_bound_ms is not None and self._bound_has_changed(stats.beyond_bound_ms):
            events = with_bound(unbounded, self._position.bound)
            stats, refused = write_rows(events)
        self._check_schemas(stats)
        self._store.delete(stats.deletes)
        self._verify(events, stats, refused)
        total = stats.upserts + len(stats.deletes) + stats.invalid
        rejected = stats.invalid + len(refused)
        self._check_limit(events, refused, total, rejected)
        if rejected:
            self._send_dead_letters(self._dead_letters(events, refused))
        return WriteCounts(stats.upserts - len(refused), len(stats.deletes), rejected)

    def _bound_has_changed(self, after_ms: int) -> bool:
        """Reads the position again: an event above the bound may be newer than the bound."""
        before = self._position.bound
        return self._position.refresh(after_ms) != before

    def _check_schemas(self, stats: BatchStats) -> None:
        """Raises SchemaChangedError when the registry knows schemas that the query does not, and
        UnknownColumnError when those have columns that this release does not know."""
        fetched = self._registry.fetch(stats.unknown_ids, stats.unknown_key_ids)
        unknown_columns = {
            name
            for number in stats.unknown_ids
            for name in self._registry.unknown_columns.get(number, ())
        }
        if unknown_columns:
            raise UnknownColumnError(self._table, unknown_columns)
        if fetched:
            raise SchemaChangedError(f"the registry has new schemas: {sorted(fetched)}")

    def _dead_letters(self, events: DataFrame, refused: RefusedRows) -> DataFrame:
        return dead_letters(events, self._table, self.schemas, refused, self._release())

    def _check_limit(
        self, events: DataFrame, refused: RefusedRows, total: int, rejected: int
    ) -> None:
        cause = self._limit.exceeded(total, rejected)
        if cause is None:
            return
        reason = F.filter("headers", lambda header: header["key"] == REASON)[0]["value"]
        first = self._dead_letters(events, refused).select(reason.cast("string")).first()
        raise TooManyDeadLettersError(
            f"{cause}, such as: {first[0] if first else 'unknown'}. Correct the cause, or set "
            "MAX_SHARE in spark/riada_stream/sink/dead_letter_limit.py to 1 to have them all in "
            f"{dead_letter_topic(self._table).name}; then run make deploy-dags"
        )

    def _verify(self, events: DataFrame, stats: BatchStats, refused: RefusedRows) -> None:
        """Reads some of the upserts back, and writes those again whose row is missing or of an
        earlier version. If the row exists afterwards, Cassandra had lost an acknowledged write. If
        it does not, a later delete holds, as in a replay."""
        missing = self._store.missing_upserts(_sample_to_verify(stats, refused))
        if not missing:
            return
        rows = upserts(events.where(_is_one_of(missing)), self._table)
        self._store.upsert(rows.collect())
        still_missing = set(self._store.missing_upserts(missing))
        lost = [change for change in missing if change not in still_missing]
        if lost:
            log.error(
                "LOST: %d acknowledged upserts were not in Cassandra and are written again: %s",
                len(lost),
                "; ".join(map(str, lost[:MAX_LOGGED])),
            )


def _sample_to_verify(stats: BatchStats, refused: RefusedRows) -> list[Change]:
    """The sampled upserts, without those that the batch also deletes and those that are refused."""
    deleted: dict[Key, int] = {}
    for change in stats.deletes:
        deleted[change.key] = max(change.version, deleted.get(change.key, 0))
    return [
        change
        for change in stats.sample
        if deleted.get(change.key, -1) < change.version
        and TopicOffset(change.partition, change.offset) not in refused
    ]


def _is_one_of(changes: Sequence[Change]) -> Column:
    messages = [F.struct(F.lit(c.partition), F.lit(c.offset).cast("bigint")) for c in changes]
    return F.struct("partition", "offset").isin(messages)
