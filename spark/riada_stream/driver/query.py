"""A table's streaming query: reads its topic in bounded batches, and passes each to a
BatchWriter."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming import StreamingQuery

from contract.stores.cassandra.batches import BatchRecord
from contract.table.table import Table
from riada_stream.runtime.checkpoint_dir import CheckpointDir
from riada_stream.runtime.watchdog import Watchdog
from riada_stream.settings import Settings
from riada_stream.source import options
from riada_stream.source.decode import DECODED, decode_events
from riada_stream.source.schemas import Schemas
from riada_stream.source.validation import validated

log = logging.getLogger(__name__)

PROGRESS_INTERVAL_S = 60


# Tasks of the tables take turns on the executor's cores (spark.scheduler.mode).
POOL = "spark.scheduler.pool"
WAITS = "Waiting for data to arrive"


@dataclass(frozen=True)
class QuerySettings:
    spark: SparkSession
    settings: Settings
    table: Table
    schemas: Schemas
    checkpoint: CheckpointDir


class Query:
    """A running query. `batches` is the number of batches that are complete."""

    def __init__(
        self,
        of: QuerySettings,
        write: Callable[[DataFrame, int], BatchRecord],
        watchdog: Watchdog,
    ) -> None:
        self._batches = BatchRunner(of.table.name, write, watchdog)
        of.spark.sparkContext.setLocalProperty(POOL, of.table.name)
        records = (
            of.spark.readStream.format("kafka")
            .options(**options.stream(of.table))
            .option("kafka.bootstrap.servers", of.settings.kafka_bootstrap)
            .option("maxOffsetsPerTrigger", of.settings.max_offsets_per_trigger)
            .load()
        )
        self._query: StreamingQuery = (
            validated(decode_events(records, of.table, of.schemas), of.table)
            .drop(*DECODED, "timestampType")
            .writeStream.queryName(of.table.name)
            .option("checkpointLocation", str(of.checkpoint))
            .foreachBatch(self._batches.run)
            .trigger(processingTime=f"{of.settings.trigger_interval_s} seconds")
            .start()
        )

    @property
    def batches(self) -> int:
        return self._batches.completed

    @property
    def idle_s(self) -> float:
        return self._batches.idle_s

    def waits_for_messages(self) -> bool:
        return bool(self._query.status["message"] == WAITS)

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
        name: str,
        write: Callable[[DataFrame, int], BatchRecord],
        watchdog: Watchdog,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._write = write
        self._watchdog = watchdog
        self._clock = clock
        self._events = 0
        self._last_progress = self._last_end = clock()
        self.busy = threading.Lock()
        self.completed = 0

    def run(self, records: DataFrame, batch_id: int) -> None:
        with self.busy:
            self._watchdog.start()
            try:
                self._log_progress(self._write(records, batch_id))
            finally:
                self._watchdog.stop()
                self._last_end = self._clock()

    @property
    def idle_s(self) -> float:
        """Seconds since the last batch; 0 while one is written."""
        return 0.0 if self.busy.locked() else self._clock() - self._last_end

    def _log_progress(self, batch: BatchRecord) -> None:
        """Logs one line for the first batch, then one line per minute."""
        self._events += batch.upserts + batch.deletes + batch.dead_letters
        self.completed += 1
        if batch.dead_letters:
            log.warning(
                "%s: batch %d: %d dead letters", self._name, batch.batch_id, batch.dead_letters
            )
        elapsed_s = self._clock() - self._last_progress
        if self.completed > 1 and elapsed_s < PROGRESS_INTERVAL_S:
            return
        log.info(
            "%s: batch %d: %d events in %.0f s, up to the offsets %s",
            self._name,
            batch.batch_id,
            self._events,
            elapsed_s,
            batch.end_offsets,
        )
        self._events, self._last_progress = 0, self._clock()
