"""One attempt: its checkpoint, its restart at the topic's beginning, and its forced exit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

import pytest
from riada_stream.checkpoint import continuity, failed_batch
from riada_stream.checkpoint.failed_batch import FailedBatch
from riada_stream.driver.parking import KEPT
from riada_stream.driver.supervise import STUCK_TIMEOUT_S, Ending
from riada_stream.runtime.checkpoint_dir import CheckpointDir
from riada_stream.runtime.halt import HaltError
from riada_stream.runtime.watchdog import Watchdog
from riada_stream.sink.batch_writer import BatchWriter
from riada_stream.source import topics
from riada_stream.source.topics import TopicIdentity, TopicState

from contract.stores.cassandra.batches import BatchRecord
from contract.stream.driver_status import DriverState, TableState
from tests.spark.driver.in_memory_driver import (
    HELD,
    TOPIC,
    TOPIC_ID,
    Driver,
    ExitedError,
    InMemoryQuery,
)
from tests.spark.in_memory import write_batch


def stop_at_first_poll(driver: Driver) -> InMemoryQuery:
    return InMemoryQuery(lambda *_: driver.control.stop())


def test_a_stream_stops_when_its_table_is_removed(driver: Driver) -> None:
    query = stop_at_first_poll(driver)
    assert driver.run(query) is Ending.STOPPED
    assert query.is_stopped
    assert driver.running == 1


def test_a_stream_that_is_stopped_begins_no_generation(driver: Driver) -> None:
    query = stop_at_first_poll(driver)
    process = driver.start(query)
    driver.control.stop()
    assert process.run(driver.on_running) is Ending.STOPPED
    assert query.checkpoints == []
    assert driver.settings.checkpoint.names() == []


def test_a_stream_waits_for_its_topic_and_stops_meanwhile(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_ready(*_: object) -> str:
        driver.control.stop()
        return "Kafka: topic does not exist yet"

    monkeypatch.setattr(topics, "not_ready_cause", not_ready)
    query = stop_at_first_poll(driver)
    driver.run(query)
    assert query.checkpoints == []
    status = driver.reported().tables["users"]
    assert (status.state, status.cause) == (TableState.STARTING, "Kafka: topic does not exist yet")


def _progress(driver: Driver, committed: int) -> CheckpointDir:
    """A first driver that has committed a batch up to that offset."""
    query = stop_at_first_poll(driver)
    driver.run(query)
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
    assert own.parent == driver.settings.checkpoint / "users"
    assert driver.stream.restart is None


@pytest.mark.parametrize(
    ("topic", "stored_table", "cause"),
    [
        (TopicState(TOPIC, TopicIdentity("another"), {2: 0}, {2: 100}), "id-1", "created again"),
        (TopicState(TOPIC, TOPIC_ID, {2: 0}, {2: 40}), "id-1", "was read to 50 and ended at 40"),
        (TopicState(TOPIC, TOPIC_ID, {2: 60}, {2: 100}), "id-1", "was read to 50 and began at 60"),
        (HELD, "id-2", 'cassandra: people."users" was dropped'),
    ],
)
def test_a_topic_is_read_from_its_beginning_when_its_messages_or_the_rows_are_lost(
    driver: Driver, topic: TopicState, stored_table: str, cause: str
) -> None:
    _progress(driver, 50)
    driver.topic, driver.stored_table = topic, stored_table
    query = stop_at_first_poll(driver)
    driver.run(query)
    (own,) = query.checkpoints
    assert own.names("commits") == []
    assert continuity.load_identity(own) == topic.identity
    assert continuity.load_stored_table(own) == stored_table
    assert driver.stream.restart is not None
    assert cause in driver.stream.restart.cause


def test_a_checkpoint_that_is_emptied_is_named(driver: Driver) -> None:
    _progress(driver, 50)
    driver.settings.checkpoint.delete()
    now = datetime.now(timezone.utc)
    driver.cassandra.record(BatchRecord(0, now, now, {}, {2: 50}, 50, 0, 0, "r1", "driver-1"))
    driver.run(stop_at_first_poll(driver))
    assert driver.stream.restart is not None
    assert driver.stream.restart.cause == "the checkpoint of users was lost"
    named = driver.stream.restart
    driver.run(stop_at_first_poll(driver))
    assert driver.stream.restart == named, "the note is kept, and not made again"


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("offsets/0", ""),
        ("offsets/0", 'v1\n{"batchWatermarkMs":0}\n{"riada.public.users":{"2":'),
        ("commits/0", ""),
        ("commits/0", "v1"),
        ("commits/1", "v1\n{}"),  # without its offsets
    ],
)
def test_a_topic_is_read_from_its_beginning_when_the_checkpoint_is_damaged(
    driver: Driver, file: str, text: str
) -> None:
    _progress(driver, 50).write(file, text)
    query = stop_at_first_poll(driver)
    assert driver.run(query) is Ending.STOPPED
    (own,) = query.checkpoints
    assert own.names("commits") == []
    assert driver.stream.restart is not None
    assert "the checkpoint is damaged" in driver.stream.restart.cause


def test_a_table_that_is_dropped_while_its_query_runs_is_read_again(driver: Driver) -> None:
    def drop(*_: object) -> None:
        driver.stored_table = "id-2"
        driver.control.restart()

    query = InMemoryQuery(drop)
    process = driver.start(query)
    process.run(driver.on_running)
    query.poll = lambda *_: driver.control.stop()
    process.run(driver.on_running)
    first, second = query.checkpoints
    assert first != second
    assert process.restart is not None
    assert "was dropped" in process.restart.cause


def test_the_name_of_kafkas_log_is_saved_when_it_becomes_known(driver: Driver) -> None:
    own = _progress(driver, 50)
    continuity.save_identity(own, TopicIdentity(TOPIC_ID.topic_id, "log"))
    assert continuity.load_identity(own) == TopicIdentity(TOPIC_ID.topic_id, "log")
    continuity.save_identity(own, TopicIdentity(TOPIC_ID.topic_id, "another"))
    assert continuity.load_identity(own) == TopicIdentity(TOPIC_ID.topic_id, "log")


def test_a_query_without_messages_is_parked_until_one_arrives(driver: Driver) -> None:
    for number in range(KEPT):
        driver.parking.runs(f"t{number}")
    query = InMemoryQuery(lambda *_: None)
    query.idle_s = 100.0
    assert driver.run(query) is Ending.PARKED
    own = query.checkpoints[0]
    write_batch(own, 0, 50)
    own.write("commits/0", "v1\n{}")
    driver.ends = {TOPIC: {2: 51}}
    driver.stream.wait_for_messages()
    driver.ends = {TOPIC: {2: 50}}
    driver.control.stop()
    driver.stream.wait_for_messages()


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
    cause = f"users: batch 7: it completed no step for {STUCK_TIMEOUT_S:.0f} s"
    assert driver.reported().cause == cause


def _fail(error: Exception, batch: int | None) -> Callable[[BatchWriter, Watchdog], None]:
    def fail(writer: BatchWriter, _watchdog: Watchdog) -> None:
        if batch is not None:
            writer.failed = FailedBatch(batch)
        raise error

    return fail


def test_a_failed_batch_is_written_range_by_range_in_the_same_process(driver: Driver) -> None:
    query = InMemoryQuery(_fail(RuntimeError("ExecutorLostFailure"), 7))
    process = driver.start(query)
    with pytest.raises(RuntimeError):
        process.run(driver.on_running)
    assert failed_batch.load(query.checkpoints[0]) == FailedBatch(7)
    query.poll = lambda *_: driver.control.stop()
    process.run(driver.on_running)
    assert query.writer.failed == FailedBatch(7)


def test_a_batch_for_which_cassandra_was_busy_is_written_in_bulk_once_more(driver: Driver) -> None:
    error = RuntimeError("Cassandra timeout during UNLOGGED_BATCH write query")
    query = InMemoryQuery(_fail(error, 7))
    process = driver.start(query)
    for expected in (None, FailedBatch(7)):
        with pytest.raises(RuntimeError):
            process.run(driver.on_running)
        assert failed_batch.load(query.checkpoints[0]) == expected


@pytest.mark.parametrize("sign", ["error", "node", "ping"])
def test_a_batch_that_fails_in_an_outage_of_cassandra_ends_the_process_once(
    driver: Driver, sign: str
) -> None:
    """After an outage the connector's session may hang for ever. If the batch fails again, the
    attempt is retried."""
    error = RuntimeError("Query timed out after PT12S" if sign == "error" else "failed")

    def fail(writer: BatchWriter, _watchdog: Watchdog) -> None:
        driver.connection.outages += sign == "node"
        driver.cassandra.is_down = sign == "ping"
        writer.failed = FailedBatch(7)
        raise error

    with pytest.raises(ExitedError):
        driver.run(InMemoryQuery(fail))
    assert driver.reported().cause == f"users: batch 7: RuntimeError: {error}"
    with pytest.raises(RuntimeError, match=str(error)):
        driver.run(InMemoryQuery(fail))


def test_the_failed_batch_is_known_also_when_it_cannot_be_read_at_once(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the next attempt writes the batch in bulk again."""
    with pytest.raises(RuntimeError):
        driver.run(InMemoryQuery(_fail(RuntimeError("failed"), 7)))

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


def test_an_interruption_is_raised_instead_of_the_error_of_spark(driver: Driver) -> None:
    def halt(writer: BatchWriter, _watchdog: Watchdog) -> None:
        writer.interruption = HaltError("a column is unknown")
        raise RuntimeError("StreamingQueryException")

    with pytest.raises(HaltError, match="a column is unknown"):
        driver.run(InMemoryQuery(halt))
