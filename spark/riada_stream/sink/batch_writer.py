"""One micro-batch: writes its events, then records that it is complete."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Protocol

from pyspark.sql import DataFrame

from contract.kafka.offsets import TopicOffset
from contract.stores.cassandra.batches import BatchRecord
from contract.table.table import Table
from riada_stream.checkpoint import failed_batch, offsets
from riada_stream.checkpoint.failed_batch import FailedBatch
from riada_stream.runtime.checkpoint_dir import CheckpointDir
from riada_stream.runtime.halt import HaltError
from riada_stream.sink.dead_letters import dead_letter_without_bytes, dead_letters_of_records
from riada_stream.sink.event_writer import EventSink, SchemaChangedError
from riada_stream.sink.isolate import UNREADABLE, RangeWriter, isolate
from riada_stream.sink.write_counts import WriteCounts
from riada_stream.source.ranges import Range, ranges_between

log = logging.getLogger(__name__)


class Store(Protocol):
    """The part of sink/cassandra_store.py that the writer uses."""

    def is_available(self) -> bool: ...

    def record(self, batch: BatchRecord) -> None: ...


class CountingRangeWriter(RangeWriter, Protocol):
    """The part of sink/range_writer.py that the writer uses."""

    @property
    def written(self) -> WriteCounts: ...

    def records(self, message: TopicOffset) -> DataFrame: ...


@dataclass(frozen=True)
class BatchSettings:
    """What a table's batches have in common. `release` returns the release in effect. Batches of up
    to `single_task_rows` rows are written by one task. `topic_id`: of the topic that is read."""

    table: Table
    checkpoint: CheckpointDir
    release: Callable[[], str]
    driver_id: str
    single_task_rows: int
    topic_id: str


# Takes whether a batch is small, and yields its number of tasks (sink/cores.py).
UseCores = Callable[[bool], AbstractContextManager[int | None]]


class BatchWriter:
    """The function for foreachBatch; its events are validated.

    `failed` is the batch that failed last, possibly in an earlier process; `error` is why it failed
    in this attempt. `running` is the batch
    that is being written. `interruption` is why the query ended when no batch is to blame.
    """

    def __init__(
        self,
        settings: BatchSettings,
        use_cores: UseCores,
        events: EventSink,
        store: Store,
        new_range_writer: Callable[[], CountingRangeWriter],
        send_dead_letters: Callable[[DataFrame], None],
        failed: FailedBatch | None = None,
    ) -> None:
        self._settings = settings
        self._use_cores = use_cores
        self._events = events
        self._store = store
        self._new_range_writer = new_range_writer
        self._send_dead_letters = send_dead_letters
        self.failed = failed
        self.error: Exception | None = None
        self.running: int | None = None
        self.interruption: HaltError | SchemaChangedError | None = None

    def __call__(self, batch: DataFrame, batch_id: int) -> BatchRecord:
        self.running = batch_id
        started_at = datetime.now(timezone.utc)
        begin, end = offsets.batch_span(self._settings.checkpoint, batch_id)
        messages = offsets.message_count(begin, end)
        try:
            if not messages:  # the first batch of an empty topic
                written = WriteCounts()
            elif self._failed_before(batch_id):
                written = self._write_by_ranges(batch, ranges_between(begin, end))
            else:
                is_small = messages <= self._settings.single_task_rows
                with self._use_cores(is_small) as tasks:
                    batch = batch.coalesce(tasks) if tasks else batch
                    written = self._write_in_bulk(batch, batch_id)
        except (HaltError, SchemaChangedError) as error:
            self.interruption = error
            raise
        record = BatchRecord(
            batch_id=batch_id,
            started_at=started_at,
            written_at=datetime.now(timezone.utc),
            start_offsets=begin,
            end_offsets=end,
            upserts=written.upserts,
            deletes=written.deletes,
            dead_letters=written.dead_letters,
            release=self._settings.release(),
            driver_id=self._settings.driver_id,
            topic_id=self._settings.topic_id,
        )
        self._store.record(record)
        return record

    def _failed_before(self, batch_id: int) -> bool:
        """Whether the batch failed before although Cassandra answers: one of its messages may be to
        blame."""
        return (
            self.failed is not None
            and self.failed.batch_id == batch_id
            and self._store.is_available()
        )

    def _write_in_bulk(self, batch: DataFrame, batch_id: int) -> WriteCounts:
        try:
            return self._events.bulk(batch)
        except (HaltError, SchemaChangedError):
            raise
        except Exception as error:
            self.failed, self.error = FailedBatch(batch_id), error
            raise

    def _write_by_ranges(self, batch: DataFrame, ranges: Iterable[Range]) -> WriteCounts:
        failed = self.failed
        assert failed is not None
        log.warning(
            "%s: batch %d failed in bulk. Writing it range by range",
            self._settings.table.name,
            failed.batch_id,
        )
        writer = self._new_range_writer()

        def save_failed() -> None:
            failed_batch.save(self._settings.checkpoint, failed)

        isolate(ranges, writer, failed.unwritable, save_failed)
        for message, reason in failed.unwritable.items():
            self._send_dead_letters(self._dead_letter(writer, batch, message, reason))
        return writer.written + WriteCounts(dead_letters=len(failed.unwritable))

    def _dead_letter(
        self, writer: CountingRangeWriter, batch: DataFrame, message: TopicOffset, reason: str
    ) -> DataFrame:
        release = self._settings.release()
        if reason.startswith(UNREADABLE):
            return dead_letter_without_bytes(
                batch.sparkSession, self._settings.table, message, reason, release
            )
        return dead_letters_of_records(writer.records(message), reason, release)
