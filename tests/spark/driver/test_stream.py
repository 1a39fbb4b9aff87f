"""One attempt: its checkpoint, its restart at the topic's beginning, and its forced exit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

import pytest
from pyspark.sql import SparkSession
from riada_stream.checkpoint import continuity, failed_batch
from riada_stream.checkpoint.failed_batch import FailedBatch
from riada_stream.driver import stream
from riada_stream.driver.status import StatusReporter
from riada_stream.driver.stop_check import StopCheck
from riada_stream.driver.stream import Stream
from riada_stream.driver.supervisor import STUCK_TIMEOUT_S
from riada_stream.runtime.checkpoint_dir import CheckpointDir
from riada_stream.runtime.halt import HaltError
from riada_stream.runtime.watchdog import Watchdog
from riada_stream.settings import Settings
from riada_stream.sink.batch_writer import BatchWriter
from riada_stream.source import topics
from riada_stream.source.position import CapturePosition
from riada_stream.source.registry import Registry
from riada_stream.source.topics import TopicIdentity, TopicState

from contract.stream.driver_status import DriverState, DriverStatus
from tests.spark.in_memory import InMemorySession, write_batch

TOPIC_ID = TopicIdentity("IG1vbo2LR1mEPRlOnOkmYQ")


class ExitedError(Exception):
    """Replaces the end of the process."""


class InMemoryQuery:
    """Calls `poll` at each poll; it runs until that raises or the driver stops."""

    def __init__(self, poll: Callable[[BatchWriter, Watchdog], None]) -> None:
        self.poll = poll
        self.batches = 1
        self.checkpoints: list[CheckpointDir] = []
        self.is_stopped = False

    def start(
        self,
        _spark: SparkSession,
        settings: Settings,
        _schemas: Mapping[int, str],
        writer: BatchWriter,
        watchdog: Watchdog,
    ) -> InMemoryQuery:
        self.checkpoints.append(settings.checkpoint)
        self.writer, self.watchdog = writer, watchdog
        return self

    def is_running(self, wait_s: float) -> bool:
        self.poll(self.writer, self.watchdog)
        return True

    def stop(self) -> None:
        self.is_stopped = True


class Driver:
    """A Stream whose Kafka, Cassandra, registry and query are in memory."""

    def __init__(self, spark: SparkSession, folder: Path) -> None:
        checkpoint = CheckpointDir(f"file:{folder}/checkpoint")
        self.settings = Settings("r1", artifacts=folder, checkpoint=checkpoint)
        self.spark = spark
        self.cassandra = InMemorySession()
        self.topic = TopicState(TOPIC_ID, {2: 0}, {2: 100})
        self.running = 0

    def start(self, query: InMemoryQuery) -> Stream:
        """A new driver process."""
        status = StatusReporter(self.settings)
        self.status = status
        return Stream(
            self.spark,
            self.settings,
            status,
            StopCheck(self.settings, status),
            connect=lambda _: self.cassandra,
            start_query=query.start,
            exit_process=self._exit,
        )

    def run(self, query: InMemoryQuery) -> None:
        """One attempt of a new driver process."""
        self.start(query).run(self.on_running)

    def on_running(self) -> None:
        self.running += 1

    @staticmethod
    def _exit(code: int) -> NoReturn:
        raise ExitedError(code)

    def deploy(self, release: str) -> None:
        self.settings.wanted_release_file.write_text(release)

    def reported(self) -> DriverStatus:
        return DriverStatus.from_json(self.settings.status_file.read_text())


@pytest.fixture
def driver(spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Driver:
    driver = Driver(spark, tmp_path)
    monkeypatch.setattr(topics, "not_ready_cause", lambda *_: None)
    monkeypatch.setattr(topics, "read_state", lambda *_: driver.topic)
    monkeypatch.setattr(CapturePosition, "refresh", lambda *_: None)
    monkeypatch.setattr(Registry, "fetch_subject", lambda *_: None)
    monkeypatch.setattr(stream, "TOPIC_POLL_INTERVAL_S", 0)
    return driver


def stop_at_first_poll(driver: Driver) -> InMemoryQuery:
    return InMemoryQuery(lambda *_: driver.deploy("r2"))


def test_a_driver_stops_for_another_release(driver: Driver) -> None:
    query = stop_at_first_poll(driver)
    driver.run(query)
    assert query.is_stopped
    assert driver.cassandra.is_closed
    assert driver.running == 1
    assert driver.reported().state is DriverState.STOPPED


def test_a_superseded_driver_begins_no_generation(driver: Driver) -> None:
    driver.deploy("r2")
    query = stop_at_first_poll(driver)
    driver.run(query)
    assert query.checkpoints == []
    assert driver.settings.checkpoint.names() == []


def test_a_driver_waits_for_the_topic_and_stops_meanwhile_for_another_release(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_ready(*_: object) -> str:
        driver.deploy("r2")
        return "Kafka: topic does not exist yet"

    monkeypatch.setattr(topics, "not_ready_cause", not_ready)
    query = stop_at_first_poll(driver)
    driver.run(query)
    assert query.checkpoints == []


def _progress(driver: Driver, committed: int) -> CheckpointDir:
    """A first driver that has committed a batch up to that offset."""
    query = stop_at_first_poll(driver)
    driver.run(query)
    driver.deploy("r1")
    (own,) = query.checkpoints
    write_batch(own, 0, committed)
    own.write("commits/0", "v1\n{}")
    return own


def test_a_driver_continues_the_topic_that_the_one_before_has_read(driver: Driver) -> None:
    _progress(driver, 50)
    query = stop_at_first_poll(driver)
    driver.run(query)
    (own,) = query.checkpoints
    assert own.names("commits") == ["0"]
    assert driver.status.restart is None


@pytest.mark.parametrize(
    ("topic", "cause"),
    [
        (TopicState(TopicIdentity("another"), {2: 0}, {2: 100}), "was created again"),
        (TopicState(TOPIC_ID, {2: 0}, {2: 40}), "was read to 50 and ended at 40"),
        (TopicState(TOPIC_ID, {2: 60}, {2: 100}), "was read to 50 and began at 60"),
    ],
)
def test_a_topic_that_does_not_continue_is_read_from_its_beginning(
    driver: Driver, topic: TopicState, cause: str
) -> None:
    _progress(driver, 50)
    driver.topic = topic
    query = stop_at_first_poll(driver)
    driver.run(query)
    (own,) = query.checkpoints
    assert own.names("commits") == []
    assert continuity.load_identity(own) == topic.identity
    assert driver.status.restart is not None
    assert cause in driver.status.restart.cause
    assert driver.reported().restart == driver.status.restart


def test_the_name_of_kafkas_log_is_saved_when_it_becomes_known(driver: Driver) -> None:
    own = _progress(driver, 50)
    continuity.save_identity(own, TopicIdentity(TOPIC_ID.topic_id, "log"))
    assert continuity.load_identity(own) == TopicIdentity(TOPIC_ID.topic_id, "log")
    continuity.save_identity(own, TopicIdentity(TOPIC_ID.topic_id, "another"))
    assert continuity.load_identity(own) == TopicIdentity(TOPIC_ID.topic_id, "log")


def test_a_batch_that_hangs_ends_the_process_with_the_stacks_of_all_threads(
    driver: Driver, caplog: pytest.LogCaptureFixture
) -> None:
    def hang(writer: BatchWriter, watchdog: Watchdog) -> None:
        writer.running = 7
        watchdog.start()
        watchdog._clock = lambda: float("inf")

    query = InMemoryQuery(hang)
    with pytest.raises(ExitedError):
        driver.run(query)
    assert "stacks of all threads before the exit:\nThread " in caplog.text
    assert "in test_a_batch_that_hangs_ends_the_process" in caplog.text
    assert failed_batch.load(query.checkpoints[0]) == FailedBatch(7)
    assert driver.reported().state is DriverState.RETRYING
    assert driver.reported().cause == f"batch 7: it completed no step for {STUCK_TIMEOUT_S:.0f} s"


def _fail(error: Exception, batch: int | None) -> Callable[[BatchWriter, Watchdog], None]:
    def fail(writer: BatchWriter, _watchdog: Watchdog) -> None:
        if batch is not None:
            writer.failed = FailedBatch(batch)
        raise error

    return fail


def test_a_failed_batch_ends_the_process_once(driver: Driver) -> None:
    """The next process writes it range by range. If it fails again, the attempt is retried."""
    with pytest.raises(ExitedError):
        driver.run(InMemoryQuery(_fail(ConnectionError("cassandra"), 7)))
    assert driver.reported().cause == "batch 7: ConnectionError: cassandra"
    with pytest.raises(ConnectionError):
        driver.run(InMemoryQuery(_fail(ConnectionError("cassandra"), 7)))


def test_the_failed_batch_is_known_also_when_it_cannot_be_read_at_once(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the next attempt writes the batch in bulk again, and the process exits again."""
    with pytest.raises(ExitedError):
        driver.run(InMemoryQuery(_fail(ConnectionError("cassandra"), 7)))

    def unreadable(_: CheckpointDir) -> None:
        raise ConnectionError("s3")

    query = stop_at_first_poll(driver)
    process = driver.start(query)
    with monkeypatch.context() as outage:
        outage.setattr(failed_batch, "load", unreadable)
        with pytest.raises(ConnectionError, match="s3"):
            process.run(driver.on_running)
    process.run(driver.on_running)
    assert query.writer.failed == FailedBatch(7)


def test_a_failure_outside_a_batch_is_retried(driver: Driver) -> None:
    with pytest.raises(ConnectionError):
        driver.run(InMemoryQuery(_fail(ConnectionError("kafka"), None)))
    assert driver.cassandra.is_closed


def test_an_interruption_is_raised_instead_of_the_error_of_spark(driver: Driver) -> None:
    def halt(writer: BatchWriter, _watchdog: Watchdog) -> None:
        writer.interruption = HaltError("a column is unknown")
        raise RuntimeError("StreamingQueryException")

    with pytest.raises(HaltError, match="a column is unknown"):
        driver.run(InMemoryQuery(halt))
