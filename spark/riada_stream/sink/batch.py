"""One micro-batch: its events, then the record that it is done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone

from pyspark.sql import DataFrame

from contract.stream import batches
from contract.stream.batches import BatchRecord
from riada_stream.checkpoint import offsets
from riada_stream.checkpoint.failed_batch import FailedBatch, remember
from riada_stream.runtime.halt import HaltError
from riada_stream.runtime.log import log
from riada_stream.runtime.watchdog import Watchdog
from riada_stream.settings import Settings
from riada_stream.sink import dead_letters
from riada_stream.sink.cassandra import Store
from riada_stream.sink.isolate import UNREADABLE, isolate
from riada_stream.sink.trial import SparkTrial, from_kafka, platform_check
from riada_stream.sink.write import EventWriter, NewSchema, Written
from riada_stream.source.options import SOURCE
from riada_stream.source.ranges import Place, Range, between


class BatchWriter:
    """What foreachBatch calls, with checked events. `failed`: the batch that failed last, be it in
    an earlier process. `interrupted`: why the query ended, when no batch is to blame."""

    def __init__(
        self,
        settings: Settings,
        writer: EventWriter,
        store: Store,
        watchdog: Watchdog,
        failed: FailedBatch | None = None,
    ) -> None:
        self._settings = settings
        self._writer = writer
        self._store = store
        self._watchdog = watchdog
        self.failed = failed
        self.running: int | None = None
        self.interrupted: HaltError | NewSchema | None = None

    def __call__(self, batch: DataFrame, batch_id: int) -> BatchRecord:
        self.running = batch_id
        started_at = datetime.now(timezone.utc)
        begin, end = offsets.span(self._settings.checkpoint, batch_id)
        if offsets.count(begin, end) <= self._settings.few_rows:
            batch = batch.coalesce(1)
        try:
            written = self._write(batch, batch_id, between(begin, end))
        except (HaltError, NewSchema) as error:
            self.interrupted = error
            raise
        done = BatchRecord(
            batch_id=batch_id,
            started_at=started_at,
            written_at=datetime.now(timezone.utc),
            start_offsets=_by_number(begin),
            end_offsets=_by_number(end),
            upserts=written.upserts,
            deletes=written.deletes,
            dead_letters=written.dead_letters,
            release=self._settings.release,
            driver_id=self._settings.driver_id,
        )
        self._store.record(done)
        return done

    def _write(self, batch: DataFrame, batch_id: int, ranges: Iterable[Range]) -> Written:
        """At once, but range by range when that failed before although Cassandra answers: then a
        message may be to blame."""
        if self.failed and self.failed.batch_id == batch_id and self._store.answers():
            return self._isolate(batch, self.failed, ranges)
        try:
            return self._writer.bulk(batch)
        except (HaltError, NewSchema):
            raise
        except Exception:
            self.failed = FailedBatch(batch_id)
            raise

    def _isolate(self, batch: DataFrame, failed: FailedBatch, ranges: Iterable[Range]) -> Written:
        log(f"batch {failed.batch_id} failed as a whole, writing it range by range")
        spark = batch.sparkSession
        trial = SparkTrial(
            spark,
            self._writer,
            from_kafka(spark, self._settings, SOURCE),
            platform_check(spark, self._settings, self._store),
            self._watchdog,
        )
        isolate(ranges, trial, failed.unwritable, lambda: remember(self._settings, failed))
        for place, why in failed.unwritable.items():
            self._set_aside(trial, batch, place, why)
        return trial.written + Written(dead_letters=len(failed.unwritable))

    def _set_aside(self, trial: SparkTrial, batch: DataFrame, place: Place, why: str) -> None:
        release = self._settings.release
        if why.startswith(UNREADABLE):
            letter = dead_letters.without_bytes(batch.sparkSession, place, why, release)
        else:
            letter = dead_letters.of_records(trial.records(place), why, release)
        dead_letters.send(letter, self._settings)


def _by_number(place: offsets.Offsets) -> batches.Offsets:
    return {int(partition): offset for partition, offset in place.items()}
