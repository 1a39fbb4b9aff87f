"""A batch is written in bulk. After a failure it is written range by range."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from riada_stream.checkpoint import failed_batch
from riada_stream.checkpoint.failed_batch import FailedBatch
from riada_stream.runtime.checkpoint_dir import CheckpointDir
from riada_stream.runtime.halt import HaltError
from riada_stream.sink.batch_writer import BatchSettings, BatchWriter
from riada_stream.sink.cassandra_store import CassandraStore
from riada_stream.sink.event_writer import SchemaChangedError
from riada_stream.sink.isolate import UNREADABLE, MessagesError
from riada_stream.sink.write_counts import WriteCounts
from riada_stream.source.ranges import Range
from riada_stream.source.schemas import Schemas

from contract.kafka.offsets import TopicOffset
from tests.spark.in_memory import InMemoryDeadLetters, InMemorySession, write_batch
from tests.spark.samples import SCHEMAS, USERS, key, records, value

BAD, UNREADABLE_ONE = TopicOffset(2, 3), TopicOffset(2, 5)


class InMemoryEvents:
    """Fails with `error`, otherwise writes one row."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.calls: list[str] = []

    @property
    def schemas(self) -> Schemas:
        return SCHEMAS

    def bulk(self, events: DataFrame) -> WriteCounts:
        self.calls.append("bulk")
        if self.error:
            raise self.error
        return WriteCounts(upserts=8)

    def one_by_one(self, events: DataFrame) -> WriteCounts:
        self.calls.append("one by one")
        return WriteCounts(upserts=1)


class InMemoryRanges:
    """Every message is writable but BAD and UNREADABLE_ONE."""

    def __init__(self, topic: DataFrame) -> None:
        self.topic = topic
        self.written = WriteCounts()

    def write(self, messages: Range) -> None:
        if any(
            offset in range(messages.start, messages.end) for _, offset in (BAD, UNREADABLE_ONE)
        ):
            raise MessagesError("its decoding kills the executor")
        self.written += WriteCounts(upserts=len(messages))

    def read(self, messages: Range) -> None:
        if messages.first == UNREADABLE_ONE:
            raise MessagesError("its reading kills the executor")

    def check_platform(self) -> None:
        """It answers."""

    def records(self, message: TopicOffset) -> DataFrame:
        return self.topic.where(f"offset = {message.offset}")


class Batches:
    """A BatchWriter over a batch 0 of eight messages."""

    def __init__(self, spark: SparkSession, folder: Path) -> None:
        checkpoint = CheckpointDir(f"file:{folder}")
        write_batch(checkpoint, 0, 8)
        self.settings = BatchSettings(USERS, checkpoint, lambda: "r1", "driver-1", 4, "id-1")
        self.sizes: list[str] = []
        self.batch = records(spark, [(key(), value())] * 8)
        self.cassandra = InMemorySession()
        self.dead_letters = InMemoryDeadLetters()

    @contextmanager
    def use_cores(self, is_small: bool) -> Iterator[int | None]:
        self.sizes.append("small" if is_small else "large")
        yield 1

    def writer(self, events: InMemoryEvents, failed: FailedBatch | None = None) -> BatchWriter:
        return BatchWriter(
            self.settings,
            self.use_cores,
            events,
            CassandraStore(self.cassandra),
            lambda: InMemoryRanges(self.batch),
            self.dead_letters.send,
            failed,
        )


@pytest.fixture
def batches(spark: SparkSession, tmp_path: Path) -> Batches:
    return Batches(spark, tmp_path)


def test_a_batch_is_recorded_after_its_rows(batches: Batches) -> None:
    record = batches.writer(InMemoryEvents())(batches.batch, 0)
    assert batches.cassandra.batches == [record]
    assert (record.start_offsets, record.end_offsets) == ({2: 0}, {2: 8})
    assert (record.upserts, record.deletes, record.dead_letters) == (8, 0, 0)
    assert (record.release, record.driver_id) == ("r1", "driver-1")
    assert record.topic_id == "id-1"
    assert record.started_at <= record.written_at


def test_a_batch_that_fails_in_bulk_is_not_recorded_and_is_noted(batches: Batches) -> None:
    writer = batches.writer(InMemoryEvents(ConnectionError("no host is available")))
    with pytest.raises(ConnectionError):
        writer(batches.batch, 0)
    assert batches.cassandra.batches == []
    assert (writer.failed, writer.running) == (FailedBatch(0), 0)
    assert isinstance(writer.error, ConnectionError)
    assert writer.interruption is None


def test_a_batch_that_failed_before_is_written_range_by_range(batches: Batches) -> None:
    events = InMemoryEvents()
    record = batches.writer(events, FailedBatch(0))(batches.batch, 0)
    assert events.calls == []
    assert (record.upserts, record.dead_letters) == (6, 2)
    assert batches.dead_letters.reasons == [
        "its decoding kills the executor",
        f"{UNREADABLE}its reading kills the executor",
    ]
    assert batches.dead_letters.headers[1]["value.truncated"] == "unknown"
    saved = failed_batch.load(batches.settings.checkpoint)
    assert saved is not None
    assert saved.unwritable.keys() == {BAD, UNREADABLE_ONE}


def test_the_first_batch_of_an_empty_topic_is_recorded_and_writes_nothing(
    batches: Batches,
) -> None:
    write_batch(batches.settings.checkpoint, 1, 8)
    events = InMemoryEvents()
    record = batches.writer(events)(batches.batch, 1)
    assert (events.calls, record.end_offsets) == ([], {2: 8})
    assert batches.cassandra.batches == [record]


@pytest.mark.parametrize(("single_task_rows", "size"), [(8, "small"), (7, "large")])
def test_the_size_of_a_batch_decides_on_its_cores(
    batches: Batches, single_task_rows: int, size: str
) -> None:
    batches.settings = replace(batches.settings, single_task_rows=single_task_rows)
    batches.writer(InMemoryEvents())(batches.batch, 0)
    assert batches.sizes == [size]


def test_another_batch_is_written_in_bulk(batches: Batches) -> None:
    events = InMemoryEvents()
    batches.writer(events, FailedBatch(7))(batches.batch, 0)
    assert events.calls == ["bulk"]


def test_a_batch_is_written_in_bulk_again_while_cassandra_does_not_answer(
    batches: Batches,
) -> None:
    """The failure was an outage: no message is to blame."""
    batches.cassandra.is_down = True
    events = InMemoryEvents()
    batches.writer(events, FailedBatch(0))(batches.batch, 0)
    assert events.calls == ["bulk"]


@pytest.mark.parametrize("error", [HaltError("halt"), SchemaChangedError("schemas [9]")])
def test_an_interruption_blames_no_batch(
    batches: Batches, error: HaltError | SchemaChangedError
) -> None:
    writer = batches.writer(InMemoryEvents(error))
    with pytest.raises(type(error)):
        writer(batches.batch, 0)
    assert (writer.failed, writer.interruption) == (None, error)
