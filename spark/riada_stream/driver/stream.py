"""One attempt to stream a table: waits for its topic, prepares its checkpoint and its table in
Cassandra, and runs the query."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import NoReturn

from contract.kafka.topics import events
from contract.stream.driver_status import DriverState, Restart, TableState
from contract.table.table import Table
from riada_stream.checkpoint import continuity, failed_batch, generation, offsets
from riada_stream.checkpoint.failed_batch import FailedBatch
from riada_stream.driver.control import Control
from riada_stream.driver.query import Query, QuerySettings
from riada_stream.driver.rebuild import RebuildSince
from riada_stream.driver.shared import Shared
from riada_stream.driver.supervise import Ending, RunningQuery, StuckBatchError, supervise
from riada_stream.runtime.checkpoint_dir import CheckpointDir
from riada_stream.runtime.log import root_cause
from riada_stream.runtime.stacks import thread_stacks
from riada_stream.runtime.watchdog import Watchdog
from riada_stream.sink import bulk, cassandra_table, dead_letters
from riada_stream.sink.batch_writer import BatchSettings, BatchWriter
from riada_stream.sink.cassandra_connection import CassandraConnection
from riada_stream.sink.cassandra_session import CassandraSession
from riada_stream.sink.cassandra_store import CassandraStore, Session
from riada_stream.sink.cassandra_table import CqlSession, TableMismatchError
from riada_stream.sink.dead_letter_limit import DeadLetterLimit
from riada_stream.sink.event_writer import EventWriter
from riada_stream.sink.outage import is_busy, is_outage
from riada_stream.sink.range_writer import SparkRangeWriter, kafka_reader, platform_check
from riada_stream.source import topics
from riada_stream.source.registry import Registry
from riada_stream.source.topic_watch import TopicWatch

log = logging.getLogger(__name__)

TOPIC_POLL_INTERVAL_S = 5.0
ARRIVAL_POLL_INTERVAL_S = 0.5

StartQuery = Callable[[QuerySettings, BatchWriter, Watchdog], RunningQuery]
Connect = Callable[[CassandraConnection, Table], Session]


class Stream:
    """Keeps between attempts what a later one needs: the table's generation, the schemas and the
    recent share of dead letters."""

    def __init__(
        self,
        table: Table,
        shared: Shared,
        control: Control,
        connect: Connect = CassandraSession,
        start_query: StartQuery = Query,
    ) -> None:
        self._table = table
        self._shared = shared
        self._control = control
        self._connect = connect
        self._start_query = start_query
        self._registry = Registry(shared.settings.schema_registry_url, table)
        self._limit = DeadLetterLimit()
        self._rebuild_since = RebuildSince()
        self._failed_batch: FailedBatch | None = None
        self._busy_at: FailedBatch | None = None
        self.restart: Restart | None = None

    def run(self, on_running: Callable[[], None]) -> Ending:
        """Returns when the query is to stop, or has no messages. Raises the error that the attempt
        failed with.

        `on_running` is called when the first batch is complete or there are no messages.
        """
        self._control.attempt_begins()
        if not self._wait_for_topic():
            return Ending.STOPPED
        self._registry.fetch_subjects()
        with self._shared.connection.lent() as connection:
            stored_table = self._ensure_table(connection.session)
            session = self._connect(connection, self._table)
            self._begin_generation()
            topic_id = self._ensure_continuity(stored_table, session)
            return self._run_query(CassandraStore(session), connection, topic_id, on_running)

    def wait_for_messages(self) -> None:
        """While the query is parked. Returns also when it is to stop."""
        topic = events(self._table).name
        read, _ = offsets.progress(self._checkpoint)
        while not self._shared.arrivals.has_new(topic, read):
            if self._control.wait(ARRIVAL_POLL_INTERVAL_S) or self._control.attempt_ends():
                break
        self._shared.arrivals.forget(topic)

    @property
    def _checkpoint(self) -> CheckpointDir:
        assert self._control.generation is not None
        return self._control.generation

    def _wait_for_topic(self) -> bool:
        """False when this stream is to stop instead."""
        shared = self._shared
        while cause := topics.not_ready_cause(shared.spark, shared.settings, self._table):
            log.info("%s waits for its topic: %s", self._table.name, cause)
            shared.status.report_table(self._table.name, TableState.STARTING, cause, self.restart)
            if self._control.wait(TOPIC_POLL_INTERVAL_S):
                return False
        return not self._control.is_stopping

    def _ensure_table(self, session: CqlSession) -> str:
        """The id of Cassandra's table. Raises TableMismatchError until `make rebuild` was run."""
        try:
            return cassandra_table.ensure(session, self._table)
        except TableMismatchError as error:
            position = self._shared.positions.of(self._table.database)
            position.refresh()
            if not self._rebuild_since(position.capture):
                raise
            log.warning("%s: the rebuild drops it", error)
            cassandra_table.drop(session, self._table)
            return cassandra_table.ensure(session, self._table)

    def _begin_generation(self) -> None:
        """Begins the generation once, and only after all components of the query have answered. So
        a driver that cannot reach the platform does not stop the driver that can.

        A generation counts when its notes are read too. If that fails, the next attempt begins
        another one, which inherits them."""
        if self._control.generation is not None:
            return
        checkpoint = self._shared.settings.checkpoint / self._table.name
        own = generation.begin(checkpoint, self._shared.newer_driver.own_claim())
        failed, restart = failed_batch.load(own), continuity.last_restart(own)
        self._failed_batch, self.restart = failed, restart
        self._control.generation = own
        log.info("%s writes its checkpoint to %s", self._table.name, own)

    def _ensure_continuity(self, stored_table: str, session: Session) -> str:
        """The topic's id. Begins a generation at the topic's beginning when the topic does not
        continue at the checkpoint's offsets, or the checkpoint or the rows that are written are
        lost."""
        shared = self._shared
        position = shared.positions.of(self._table.database)
        position.refresh()
        topic = topics.read_state(shared.spark, shared.settings, self._table, position.log_id)
        known = continuity.load_identity(self._checkpoint)
        known_table = continuity.load_stored_table(self._checkpoint)
        try:
            committed, planned = offsets.progress(self._checkpoint)
            cause = (
                continuity.find_lost_checkpoint(self._table, known, session.has_batches)
                or continuity.find_lost_table(self._table, known_table, stored_table)
                or continuity.find_break(topic, known, committed, planned)
            )
        except offsets.DamagedError as error:
            cause = str(error)
        if cause:
            self._restart_from_beginning(cause)
        continuity.save_identity(self._checkpoint, topic.identity)
        continuity.save_stored_table(self._checkpoint, stored_table)
        self._control.stored_table = stored_table
        return topic.identity.topic_id

    def _restart_from_beginning(self, cause: str) -> None:
        restart = Restart.now(cause)
        claim = self._shared.newer_driver.own_claim()
        own = generation.begin(self._checkpoint.parent, claim, restart.to_json())
        self._control.generation = own
        self._failed_batch = self._busy_at = None
        self.restart = restart
        log.warning("%s: reads the topic from its beginning, with the checkpoint %s", cause, own)

    def _run_query(
        self,
        store: CassandraStore,
        connection: CassandraConnection,
        topic_id: str,
        on_running: Callable[[], None],
    ) -> Ending:
        shared, name = self._shared, self._table.name
        watchdog, outages = Watchdog(), connection.outages
        event_writer = self._event_writer(store)
        writer = self._batch_writer(event_writer, store, topic_id, watchdog)
        settings = QuerySettings(
            shared.spark, shared.settings, self._table, event_writer.schemas, self._checkpoint
        )
        read_id = partial(topics.read_id, shared.spark, shared.settings, self._table)
        watch = TopicWatch(topic_id, read_id)
        shared.parking.runs(name)
        try:
            query = self._start_query(settings, writer, watchdog)
            return supervise(
                query,
                writer,
                watchdog,
                partial(self._is_to_stop, watch),
                partial(shared.parking.may_park, name),
                on_running,
            )
        except StuckBatchError as error:
            failed_batch.save(self._checkpoint, error.failed)
            self._exit_process(error.failed, str(error))
        except Exception as error:
            if writer.interruption:
                raise writer.interruption from error
            cause = writer.error or error
            if writer.failed is not None and is_busy(cause) and self._busy_at != writer.failed:
                self._busy_at = writer.failed  # the next attempt writes it in bulk again
            elif writer.failed is not None and writer.failed != self._failed_batch:
                failed_batch.save(self._checkpoint, writer.failed)
                self._failed_batch = writer.failed
                if is_outage(cause) or connection.outages != outages or not store.is_available():
                    self._exit_process(writer.failed, root_cause(cause))
            raise cause from None
        finally:
            shared.parking.ended(name)

    def _is_to_stop(self, topic: TopicWatch) -> bool:
        if topic.is_replaced():
            log.warning("%s: its topic was created again", self._table.name)
            self._control.restart()
        return self._control.attempt_ends()

    def _event_writer(self, store: CassandraStore) -> EventWriter:
        return EventWriter(
            self._table,
            self._shared.release,
            self._registry,
            store,
            self._shared.positions.of(self._table.database),
            self._limit,
            write_rows=partial(bulk.write, table=self._table),
            send_dead_letters=self._send_dead_letters,
        )

    def _batch_writer(
        self, event_writer: EventWriter, store: CassandraStore, topic_id: str, watchdog: Watchdog
    ) -> BatchWriter:
        shared = self._shared

        def new_range_writer() -> SparkRangeWriter:
            return SparkRangeWriter(
                shared.spark,
                self._table,
                event_writer,
                kafka_reader(shared.spark, shared.settings, self._table),
                platform_check(shared.spark, shared.settings, self._table, store),
                watchdog,
            )

        return BatchWriter(
            BatchSettings(
                self._table,
                self._checkpoint,
                shared.release,
                shared.settings.driver_id,
                shared.settings.single_task_rows,
                topic_id,
            ),
            partial(shared.cores.used_by, self._table.name, on_wait=watchdog.step),
            event_writer,
            store,
            new_range_writer,
            self._send_dead_letters,
            self._failed_batch,
        )

    @property
    def _send_dead_letters(self) -> Callable[..., None]:
        return partial(dead_letters.send, settings=self._shared.settings, table=self._table)

    def _exit_process(self, failed: FailedBatch, cause: str) -> NoReturn:
        """Exits even if threads hang. The cluster starts the driver again, and its next process
        writes the failed batch range by range."""
        log.error("stacks of all threads before the exit:\n%s", thread_stacks())
        cause = f"{self._table.name}: batch {failed.batch_id}: {cause}"
        log.error("%s. The driver exits, and the cluster starts it again", cause)
        self._shared.status.report(DriverState.RETRYING, cause)
        self._shared.exit_process(1)
