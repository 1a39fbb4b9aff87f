"""The streaming query: from the topic, in bounded batches, to a BatchWriter."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming import StreamingQuery

from contract.stream.application import JOB
from contract.stream.batches import BatchRecord
from riada_stream.runtime.log import log
from riada_stream.runtime.watchdog import Watchdog
from riada_stream.settings import Settings
from riada_stream.source.decode import events
from riada_stream.source.options import STREAM
from riada_stream.source.validation import checked

PROGRESS_S = 60


class Query:
    """A running query. `batches` counts those that are done."""

    def __init__(
        self,
        spark: SparkSession,
        settings: Settings,
        schemas: Mapping[int, str],
        write: Callable[[DataFrame, int], BatchRecord],
        watchdog: Watchdog,
    ) -> None:
        self._write = write
        self._watchdog = watchdog
        self._busy = threading.Lock()
        self._rows = 0
        self._said = time.monotonic()
        self.batches = 0
        records = (
            spark.readStream.format("kafka")
            .options(**STREAM)
            .option("kafka.bootstrap.servers", settings.kafka_bootstrap)
            .option("maxOffsetsPerTrigger", settings.max_offsets_per_trigger)
            .load()
        )
        self._query: StreamingQuery = (
            checked(events(records, schemas))
            .drop("event", "timestampType")
            .writeStream.queryName(JOB)
            .option("checkpointLocation", str(settings.checkpoint))
            .foreachBatch(self._run)
            .trigger(processingTime=f"{settings.trigger_interval_s} seconds")
            .start()
        )

    def _run(self, records: DataFrame, batch_id: int) -> None:
        with self._busy:
            self._watchdog.start()
            try:
                self._progress(self._write(records, batch_id))
            finally:
                self._watchdog.stop()

    def _progress(self, batch: BatchRecord) -> None:
        """The first batch and then one line a minute."""
        self._rows += batch.upserts + batch.deletes + batch.dead_letters
        self.batches += 1
        if batch.dead_letters:
            log(f"batch {batch.batch_id}: {batch.dead_letters} dead letters")
        if self.batches > 1 and time.monotonic() - self._said < PROGRESS_S:
            return
        took = time.monotonic() - self._said
        log(f"batch {batch.batch_id}: {self._rows} events in {took:.0f} s, to {batch.end_offsets}")
        self._rows, self._said = 0, time.monotonic()

    def runs(self, wait_s: float) -> bool:
        """Waits; False when the query has ended. Raises what it failed with."""
        return not self._query.awaitTermination(wait_s)

    def stop(self) -> None:
        """Stops between two batches."""
        with self._busy:
            self._query.stop()
