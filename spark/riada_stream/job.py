"""Runs the query for as long as this release is wanted, and outlives outages around it."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from typing import NoReturn

from pyspark.sql import SparkSession

from riada_stream import epoch, failed_batch, topics
from riada_stream.batch import BatchWriter
from riada_stream.log import log, one_line
from riada_stream.query import Query
from riada_stream.registry import Registry
from riada_stream.release import superseded
from riada_stream.session import session
from riada_stream.settings import TOPIC, Settings, settings
from riada_stream.status import tell
from riada_stream.store import Store

POLL_S = 1.0
EPOCH_S = 10.0
"""So often the job looks for a newer driver."""
STUCK_S = 180.0
"""A batch that takes longer hangs: no call into the JVM has a time limit of its own. Many times
what the largest batch takes on a slow machine."""
BACKOFF_S = (1, 2, 5, 10, 15, 30, 30, 30, 30, 30)
"""Pauses after failures in a row; after the last one the cluster starts the driver anew."""


def main() -> int:
    """0: another release is wanted, or a newer driver runs. 1: too many failures in a row."""
    told = settings(sys.argv[1:])
    code = 0
    if not superseded(told):
        tell(told, "starting")
        code = Job(session(told), told).run()
    log(f"release {told.release} stops, exit {code}")
    return code


class Job:
    def __init__(self, spark: SparkSession, told: Settings) -> None:
        self._spark = spark
        self._settings = told
        self._registry = Registry(told.schema_registry_url)
        self._failures = 0
        self._failed_batch: int | None = None
        self._begun = False
        self._looked = time.monotonic()

    def run(self) -> int:
        """The exit code."""
        while self._failures < len(BACKOFF_S):
            try:
                self._attempt()
            except Exception as error:
                self._pause(one_line(error))
            else:
                self._spark.stop()
                return 0
        return 1

    def _pause(self, cause: str) -> None:
        seconds = BACKOFF_S[self._failures]
        self._failures += 1
        log(f"failure {self._failures}/{len(BACKOFF_S)}, next try in {seconds} s: {cause}")
        tell(self._settings, "retrying", cause)
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
        self._registry.learn_subject(f"{TOPIC}-value")
        store = Store(self._settings)
        try:
            self._begin()
            self._stream(store)
        finally:
            store.close()

    def _begin(self) -> None:
        """Once, when all that the query needs has answered: a driver that is cut off from it ends
        nobody else's."""
        if self._begun:
            return
        own = epoch.begin(self._settings.checkpoint)
        self._settings = replace(self._settings, checkpoint=own)
        self._failed_batch = failed_batch.recall(self._settings)
        self._begun = True
        log(f"writes its checkpoint to {own}")

    def _stream(self, store: Store) -> None:
        writer = BatchWriter(self._settings, self._registry, store, self._failed_batch)
        try:
            self._watch(Query(self._spark, self._settings, self._registry.schemas, writer))
        except Exception as error:
            if writer.failed is not None and writer.failed != self._failed_batch:
                failed_batch.remember(self._settings, writer.failed)
                _give_up(self._settings, f"batch {writer.failed}: {one_line(error)}")
            raise

    def _watch(self, query: Query) -> None:
        told_running = False
        while query.runs(POLL_S):
            if query.batches and not told_running:
                tell(self._settings, "running")
                told_running = True
                self._failures = 0
            if query.batch_age_s() > STUCK_S:
                _give_up(self._settings, f"a batch hangs for {STUCK_S:.0f} s")
            if self._ends():
                query.stop()
                return
        raise RuntimeError("the query ended by itself")

    def _ends(self) -> bool:
        """Is another release wanted, or does a newer driver run, which tells its state itself?"""
        if superseded(self._settings):
            tell(self._settings, "stopped")
            return True
        if not self._begun or time.monotonic() - self._looked < EPOCH_S:
            return False
        self._looked = time.monotonic()
        newer = epoch.newer(self._settings.checkpoint)
        if newer:
            log(f"a newer driver writes its checkpoint to {newer}")
        return newer is not None


def _give_up(told: Settings, cause: str) -> NoReturn:
    """Ends the process, hanging threads and all: the cluster starts the driver anew."""
    log(f"{cause}: the driver ends and is started anew")
    tell(told, "retrying", cause)
    os._exit(1)
