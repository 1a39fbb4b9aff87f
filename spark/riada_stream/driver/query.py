"""The streaming query: reads the topic in bounded batches, and passes each to a BatchWriter."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming import StreamingQuery

from contract.stores.cassandra.batches import BatchRecord
from contract.stream.application import JOB
from riada_stream.runtime.watchdog import Watchdog
from riada_stream.settings import Settings
from riada_stream.source.decode import decode_events
from riada_stream.source.options import STREAM
from riada_stream.source.validation import validated

log = logging.getLogger(__name__)

PROGRESS_INTERVAL_S = 60


class Query:
    """A running query. `batches` is the number of batches that are complete."""

    def __init__(
        self,
        spark: SparkSession,
        settings: Settings,
        schemas: Mapping[int, str],
        write: Callable[[DataFrame, int], BatchRecord],
        watchdog: Watchdog,
    ) -> None:
        self._batches = BatchRunner(write, watchdog)
        records = (
            spark.readStream.format("kafka")
            .options(**STREAM)
            .option("kafka.bootstrap.servers", settings.kafka_bootstrap)
            .option("maxOffsetsPerTrigger", settings.max_offsets_per_trigger)
            .load()
        )
        self._query: StreamingQuery = (
            validated(decode_events(records, schemas))
            .drop("event", "timestampType")
            .writeStream.queryName(JOB)
            .option("checkpointLocation", str(settings.checkpoint))
            .foreachBatch(self._batches.run)
            .trigger(processingTime=f"{settings.trigger_interval_s} seconds")
            .start()
        )

    @property
    def batches(self) -> int:
        return self._batches.completed

    def is_running(self, wait_s: float) -> bool:
        """Waits; returns False when the query has ended. Raises the error with which it failed."""
        return not self._query.awaitTermination(wait_s)

    def stop(self) -> None:
        """Stops between two batches."""
        with self._batches.busy:
            self._query.stop()


class BatchRunner:
    """Runs `write` for each batch, under the lock `busy`, and logs the progress."""

    def __init__(
        self,
        write: Callable[[DataFrame, int], BatchRecord],
        watchdog: Watchdog,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._write = write
        self._watchdog = watchdog
        self._clock = clock
        self._events = 0
        self._last_progress = clock()
        self.busy = threading.Lock()
        self.completed = 0

    def run(self, records: DataFrame, batch_id: int) -> None:
        with self.busy:
            self._watchdog.start()
            try:
                self._log_progress(self._write(records, batch_id))
            finally:
                self._watchdog.stop()

    def _log_progress(self, batch: BatchRecord) -> None:
        """Logs one line for the first batch, then one line per minute."""
        self._events += batch.upserts + batch.deletes + batch.dead_letters
        self.completed += 1
        if batch.dead_letters:
            log.warning("batch %d: %d dead letters", batch.batch_id, batch.dead_letters)
        elapsed_s = self._clock() - self._last_progress
        if self.completed > 1 and elapsed_s < PROGRESS_INTERVAL_S:
            return
        log.info(
            "batch %d: %d events in %.0f s, up to the offsets %s",
            batch.batch_id,
            self._events,
            elapsed_s,
            batch.end_offsets,
        )
        self._events, self._last_progress = 0, self._clock()
