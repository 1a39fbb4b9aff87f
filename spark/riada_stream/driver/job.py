"""Runs the query for as long as this release is wanted, and outlives outages around it."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from typing import NoReturn

from pyspark.sql import SparkSession

from contract.kafka import topics as topic
from contract.stream.driver_status import DriverState, Restart
from riada_stream.checkpoint import continuity, failed_batch, generation
from riada_stream.checkpoint.failed_batch import FailedBatch
from riada_stream.driver.query import Query
from riada_stream.driver.release import superseded
from riada_stream.driver.session import session
from riada_stream.driver.status import write_status
from riada_stream.runtime.halt import HaltError
from riada_stream.runtime.log import log, one_line
from riada_stream.runtime.watchdog import Watchdog
from riada_stream.settings import TOPIC, Settings, settings
from riada_stream.sink.batch import BatchWriter
from riada_stream.sink.cassandra import Store
from riada_stream.sink.dead_letter_limit import DeadLetterLimit
from riada_stream.sink.write import EventWriter, NewSchema
from riada_stream.source import topics
from riada_stream.source.position import Position
from riada_stream.source.registry import Registry

POLL_S = 1.0
EPOCH_S = 10.0
"""So often the job looks for a newer driver."""
STUCK_S = 180.0
"""A batch of which nothing comes to an end for so long hangs. Many times what the largest batch
takes on a slow machine."""
HALT_S = 20.0
"""So long after it halted the stream tries whether the cause is gone."""
BACKOFF_S = (1, 2, 5, 10, 15, 30, 30, 30, 30, 30)
"""Pauses after failures in a row; after the last one the cluster starts the driver anew."""


def main() -> int:
    """0: another release is wanted, or a newer driver runs. 1: too many failures in a row."""
    told = settings(sys.argv[1:])
    code = 0
    if not superseded(told):
        write_status(told, DriverState.STARTING)
        code = Job(session(told), told).run()
    log(f"release {told.release} stops, exit {code}")
    return code


class Job:
    def __init__(self, spark: SparkSession, told: Settings) -> None:
        self._spark = spark
        self._settings = told
        self._registry = Registry(told.schema_registry_url)
        self._failures = 0
        self._failed_batch: FailedBatch | None = None
        self._position = Position(spark, told)
        self._limit = DeadLetterLimit()
        self._restart: Restart | None = None
        self._begun = False
        self._looked = time.monotonic()

    def run(self) -> int:
        """The exit code."""
        while self._failures < len(BACKOFF_S):
            try:
                self._attempt()
            except HaltError as error:
                if self._halt(str(error)):
                    self._spark.stop()
                    return 0
            except NewSchema as error:
                log(f"{error}: the query starts again with them")
            except Exception as error:
                self._pause(one_line(error))
            else:
                self._spark.stop()
                return 0
        return 1

    def _tell(self, state: DriverState, cause: str | None = None) -> None:
        write_status(self._settings, state, cause, self._restart)

    def _halt(self, cause: str) -> bool:
        """Invariant 4: halts loudly. True when this driver is to end, False for another try."""
        log(f"halted: {cause}")
        self._tell(DriverState.HALTED, cause)
        until = time.monotonic() + HALT_S
        while time.monotonic() < until:
            if self._ends():
                return True
            time.sleep(POLL_S)
        return False

    def _pause(self, cause: str) -> None:
        seconds = BACKOFF_S[self._failures]
        self._failures += 1
        log(f"failure {self._failures}/{len(BACKOFF_S)}, next try in {seconds} s: {cause}")
        self._tell(DriverState.RETRYING, cause)
        if self._spark.sparkContext._jsc.sc().isStopped():
            self._failures = len(BACKOFF_S)
        else:
            time.sleep(seconds)

    def _attempt(self) -> None:
        """Returns when this driver is to end; raises what the query failed with."""
        if self._ends():
            return
        while cause := topics.missing(self._spark, self._settings):
            log(f"waiting for topic {TOPIC} at {self._settings.kafka_bootstrap}: {cause}")
            time.sleep(5)
            if self._ends():
                return
        self._registry.learn_subject(topic.USERS.value_subject)
        store = Store(self._settings)
        try:
            self._begin()
            self._continue()
            self._stream(store)
        finally:
            store.close()

    def _begin(self) -> None:
        """Once, when all that the query needs has answered: a driver that is cut off from it ends
        nobody else's."""
        if self._begun:
            return
        own = generation.begin(self._settings.checkpoint)
        self._settings = replace(self._settings, checkpoint=own)
        self._failed_batch = failed_batch.recall(self._settings)
        self._restart = continuity.last_restart(own)
        self._begun = True
        log(f"writes its checkpoint to {own}")

    def _continue(self) -> None:
        """From the topic's beginning, in a new epoch, when the topic does not continue this one."""
        self._position.refresh()
        log_id = self._position.log_id
        if cause := continuity.check(self._spark, self._settings, log_id):
            self._restart = Restart.now(cause)
            own = generation.begin(self._settings.checkpoint.parent, self._restart.to_json())
            self._settings = replace(self._settings, checkpoint=own)
            self._failed_batch = None
            continuity.check(self._spark, self._settings, log_id)
            log(f"{cause}: reads the topic from its beginning, checkpoint {own}")

    def _stream(self, store: Store) -> None:
        watchdog = Watchdog()
        events = EventWriter(self._settings, self._registry, store, self._position, self._limit)
        writer = BatchWriter(self._settings, events, store, watchdog, self._failed_batch)
        try:
            query = Query(self._spark, self._settings, events.schemas, writer, watchdog)
            self._watch(query, writer, watchdog)
        except Exception as error:
            if writer.interrupted:
                raise writer.interrupted from error
            if writer.failed is not None and writer.failed != self._failed_batch:
                self._give_up(writer.failed, one_line(error))
            raise

    def _watch(self, query: Query, writer: BatchWriter, watchdog: Watchdog) -> None:
        told_running = False
        while query.runs(POLL_S):
            if query.batches and not told_running:
                self._tell(DriverState.RUNNING)
                told_running = True
                self._failures = 0
            if watchdog.silent_s() > STUCK_S and writer.running is not None:
                failed = writer.failed
                if failed is None or failed.batch_id != writer.running:
                    failed = FailedBatch(writer.running)
                self._give_up(failed, f"it hangs for {STUCK_S:.0f} s")
            if self._ends():
                query.stop()
                return
        raise RuntimeError("the query ended by itself")

    def _ends(self) -> bool:
        """Is another release wanted, or does a newer driver run, which tells its state itself?"""
        if superseded(self._settings):
            self._tell(DriverState.STOPPED)
            return True
        if not self._begun or time.monotonic() - self._looked < EPOCH_S:
            return False
        self._looked = time.monotonic()
        newer = generation.newer(self._settings.checkpoint)
        if newer:
            log(f"a newer driver writes its checkpoint to {newer}")
        return newer is not None

    def _give_up(self, failed: FailedBatch, cause: str) -> NoReturn:
        """Ends the process, hanging threads and all: the cluster starts the driver again."""
        failed_batch.remember(self._settings, failed)
        cause = f"batch {failed.batch_id}: {cause}"
        log(f"{cause}: the driver ends and is started again")
        self._tell(DriverState.RETRYING, cause)
        os._exit(1)
