"""One attempt to stream: waits for the topic, prepares the checkpoint, and runs the query."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import NoReturn

from pyspark.sql import SparkSession

from contract.kafka.topics import USERS
from contract.stream.driver_status import DriverState, Restart
from riada_stream.checkpoint import continuity, failed_batch, generation, offsets
from riada_stream.checkpoint.failed_batch import FailedBatch
from riada_stream.driver.query import Query
from riada_stream.driver.status import StatusReporter
from riada_stream.driver.stop_check import StopCheck
from riada_stream.driver.supervisor import RunningQuery, StuckBatchError, supervise
from riada_stream.runtime.checkpoint_dir import CheckpointDir
from riada_stream.runtime.log import root_cause
from riada_stream.runtime.stacks import thread_stacks
from riada_stream.runtime.watchdog import Watchdog
from riada_stream.settings import TOPIC, Settings
from riada_stream.sink import bulk, dead_letters
from riada_stream.sink.batch_writer import BatchWriter
from riada_stream.sink.cassandra_session import CassandraSession
from riada_stream.sink.cassandra_store import CassandraStore, Session
from riada_stream.sink.dead_letter_limit import DeadLetterLimit
from riada_stream.sink.event_writer import EventWriter
from riada_stream.sink.range_writer import SparkRangeWriter, kafka_reader, platform_check
from riada_stream.source import topics
from riada_stream.source.position import CapturePosition
from riada_stream.source.registry import Registry

log = logging.getLogger(__name__)

TOPIC_POLL_INTERVAL_S = 5.0

StartQuery = Callable[
    [SparkSession, Settings, Mapping[int, str], BatchWriter, Watchdog], RunningQuery
]


class Stream:
    """Keeps between attempts what a later one needs: the driver's generation, the schemas, the
    position of the capture and the recent share of dead letters."""

    def __init__(
        self,
        spark: SparkSession,
        settings: Settings,
        status: StatusReporter,
        should_stop: StopCheck,
        connect: Callable[[Settings], Session] = CassandraSession,
        start_query: StartQuery = Query,
        exit_process: Callable[[int], NoReturn] = os._exit,
    ) -> None:
        self._spark = spark
        self._settings = settings
        self._status = status
        self._should_stop = should_stop
        self._connect = connect
        self._start_query = start_query
        self._exit = exit_process
        self._registry = Registry(settings.schema_registry_url)
        self._position = CapturePosition(spark, settings)
        self._limit = DeadLetterLimit()
        self._failed_batch: FailedBatch | None = None

    def is_broken(self) -> bool:
        """Whether the Spark context has ended. Then no attempt can succeed."""
        stopped: bool = self._spark.sparkContext._jsc.sc().isStopped()
        return stopped

    def stop(self) -> None:
        self._spark.stop()

    def run(self, on_running: Callable[[], None]) -> None:
        """Returns when this driver is to stop. Raises the error that the attempt failed with.

        `on_running` is called when the first batch is complete.
        """
        if self._should_stop() or not self._wait_for_topic():
            return
        self._registry.fetch_subject(USERS.value_subject)
        store = CassandraStore(self._connect(self._settings))
        try:
            self._begin_generation()
            self._ensure_continuity()
            self._run_query(store, on_running)
        finally:
            store.close()

    def _wait_for_topic(self) -> bool:
        """False when this driver is to stop instead."""
        while cause := topics.not_ready_cause(self._spark, self._settings):
            log.info("waiting for topic %s: %s", TOPIC, cause)
            time.sleep(TOPIC_POLL_INTERVAL_S)
            if self._should_stop():
                return False
        return True

    def _begin_generation(self) -> None:
        """Begins the generation once, and only after all components of the query have answered. So
        a driver that cannot reach the platform does not stop the driver that can.

        A generation counts when its notes are read too. If that fails, the next attempt begins
        another one, which inherits them."""
        if self._should_stop.generation is not None:
            return
        own = generation.begin(self._settings.checkpoint)
        failed, restart = failed_batch.load(own), continuity.last_restart(own)
        self._failed_batch, self._status.restart = failed, restart
        self._use_generation(own)
        log.info("writes its checkpoint to %s", own)

    def _ensure_continuity(self) -> None:
        """Begins a generation at the topic's beginning when the topic does not continue at the
        checkpoint's offsets."""
        self._position.refresh()
        topic = topics.read_state(self._spark, self._settings, self._position.log_id)
        checkpoint = self._settings.checkpoint
        known = continuity.load_identity(checkpoint)
        committed, planned = offsets.progress(checkpoint)
        if cause := continuity.find_break(topic, known, committed, planned):
            self._restart_from_beginning(cause)
        continuity.save_identity(self._settings.checkpoint, topic.identity)

    def _restart_from_beginning(self, cause: str) -> None:
        restart = Restart.now(cause)
        own = generation.begin(self._settings.checkpoint.parent, restart.to_json())
        self._use_generation(own)
        self._failed_batch = None
        self._status.restart = restart
        log.warning("%s: reads the topic from its beginning, with the checkpoint %s", cause, own)

    def _use_generation(self, own: CheckpointDir) -> None:
        self._settings = replace(self._settings, checkpoint=own)
        self._should_stop.generation = own

    def _run_query(self, store: CassandraStore, on_running: Callable[[], None]) -> None:
        watchdog = Watchdog()
        events = self._event_writer(store)
        writer = self._batch_writer(events, store, watchdog)
        try:
            query = self._start_query(self._spark, self._settings, events.schemas, writer, watchdog)
            supervise(query, writer, watchdog, self._should_stop, on_running)
        except StuckBatchError as error:
            self._exit_process(error.failed, str(error))
        except Exception as error:
            if writer.interruption:
                raise writer.interruption from error
            if writer.failed is not None and writer.failed != self._failed_batch:
                self._exit_process(writer.failed, root_cause(error))
            raise

    def _event_writer(self, store: CassandraStore) -> EventWriter:
        return EventWriter(
            self._settings.release,
            self._registry,
            store,
            self._position,
            self._limit,
            write_rows=bulk.write,
            send_dead_letters=partial(dead_letters.send, settings=self._settings),
        )

    def _batch_writer(
        self, events: EventWriter, store: CassandraStore, watchdog: Watchdog
    ) -> BatchWriter:
        def new_range_writer() -> SparkRangeWriter:
            return SparkRangeWriter(
                self._spark,
                events,
                kafka_reader(self._spark, self._settings),
                platform_check(self._spark, self._settings, store),
                watchdog,
            )

        return BatchWriter(
            self._settings,
            events,
            store,
            new_range_writer,
            partial(dead_letters.send, settings=self._settings),
            self._failed_batch,
        )

    def _exit_process(self, failed: FailedBatch, cause: str) -> NoReturn:
        """Exits even if threads hang. The cluster starts the driver again, and its next process
        writes the failed batch range by range."""
        failed_batch.save(self._settings.checkpoint, failed)
        log.error("stacks of all threads before the exit:\n%s", thread_stacks())
        cause = f"batch {failed.batch_id}: {cause}"
        log.error("%s. The driver exits, and the cluster starts it again", cause)
        self._status.report(DriverState.RETRYING, cause)
        self._exit(1)
