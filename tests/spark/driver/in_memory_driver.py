"""Streams whose Kafka, Cassandra, registry and query are in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, cast

from pyspark.sql import SparkSession
from riada_stream.driver.control import Control
from riada_stream.driver.newer_driver import NewerDriver
from riada_stream.driver.parking import Parking
from riada_stream.driver.query import QuerySettings
from riada_stream.driver.shared import Shared
from riada_stream.driver.status import StatusReporter
from riada_stream.driver.stream import Stream
from riada_stream.driver.supervise import Ending
from riada_stream.runtime.checkpoint_dir import CheckpointDir
from riada_stream.runtime.watchdog import Watchdog
from riada_stream.settings import Settings
from riada_stream.sink.batch_writer import BatchWriter
from riada_stream.sink.cassandra_connection import SharedConnection
from riada_stream.sink.cores import Cores
from riada_stream.source.arrivals import Arrivals
from riada_stream.source.position import CapturePositions
from riada_stream.source.topics import TopicIdentity, TopicState

from contract.stores.cassandra.batches import Offsets
from contract.stream.driver_status import DriverStatus
from contract.table.table import Table
from tests.spark.in_memory import InMemorySession
from tests.spark.samples import USERS

TOPIC = "riada.public.users"
TOPIC_ID = TopicIdentity("IG1vbo2LR1mEPRlOnOkmYQ")
HELD = TopicState(TOPIC, TOPIC_ID, {2: 0}, {2: 100})


class ExitedError(Exception):
    """Replaces the end of the process."""


class InMemoryQuery:
    """Calls `poll` at each poll; it runs until that raises or the stream stops."""

    def __init__(self, poll: Callable[[BatchWriter, Watchdog], None]) -> None:
        self.poll = poll
        self.batches = 1
        self.idle_s = 0.0
        self.checkpoints: list[CheckpointDir] = []
        self.is_stopped = False

    def start(self, of: QuerySettings, writer: BatchWriter, watchdog: Watchdog) -> InMemoryQuery:
        self.checkpoints.append(of.checkpoint)
        self.writer, self.watchdog = writer, watchdog
        return self

    def is_running(self, wait_s: float) -> bool:
        self.poll(self.writer, self.watchdog)
        return True

    def waits_for_messages(self) -> bool:
        return False

    def stop(self) -> None:
        self.is_stopped = True


class InMemoryConnection:
    """The driver process's connection to Cassandra, which it lends."""

    session: Any = None
    outages = 0

    @contextmanager
    def lent(self) -> Iterator[InMemoryConnection]:
        yield self


class Driver:
    """Streams whose Kafka, Cassandra, registry and query are in memory."""

    def __init__(self, spark: SparkSession, folder: Path) -> None:
        self.settings = Settings(
            "r1", "j1", artifacts=folder, checkpoint=CheckpointDir(f"file:{folder}/checkpoint")
        )
        self.cassandra = InMemorySession()
        self.connection = InMemoryConnection()
        self.topic = HELD
        self.stored_table = "id-1"
        self.running = 0
        self.ends: dict[str, Offsets] = {}
        self.status = StatusReporter(self.settings)
        self.parking = Parking()
        self.shared = Shared(
            spark,
            self.settings,
            lambda: "r1",
            self.status,
            cast(SharedConnection, self.connection),
            CapturePositions(spark, self.settings),
            Arrivals(lambda _: self.ends, clock=iter(range(10**6)).__next__),
            Cores(2),
            self.parking,
            NewerDriver(self.settings.checkpoint, self.settings.driver_id),
            self._exit,
        )

    def start(self, query: InMemoryQuery, table: Table = USERS) -> Stream:
        """The stream of a new driver process."""
        self.control = Control()
        return Stream(table, self.shared, self.control, lambda *_: self.cassandra, query.start)

    def run(self, query: InMemoryQuery) -> Ending:
        """One attempt of a new driver process."""
        self.stream = self.start(query)
        return self.stream.run(self.on_running)

    def on_running(self) -> None:
        self.running += 1

    @staticmethod
    def _exit(code: int) -> NoReturn:
        raise ExitedError(code)

    def reported(self) -> DriverStatus:
        return DriverStatus.from_json(self.settings.status_file.read_text())
