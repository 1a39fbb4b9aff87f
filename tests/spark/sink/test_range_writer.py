"""Ranges are written by Spark. The messages are to blame for some errors, and not for outages."""

from __future__ import annotations

import pytest
from pyspark.sql import DataFrame, SparkSession
from riada_stream.runtime.watchdog import Watchdog
from riada_stream.settings import Settings
from riada_stream.sink import range_writer
from riada_stream.sink.event_writer import SchemaChangedError
from riada_stream.sink.isolate import MessagesError
from riada_stream.sink.range_writer import (
    ROW_BY_ROW_MAX,
    PlatformError,
    SparkRangeWriter,
    failure_reason,
    platform_check,
)
from riada_stream.sink.rows import upserts
from riada_stream.sink.write_counts import WriteCounts
from riada_stream.source import topics
from riada_stream.source.ranges import Range
from riada_stream.source.schemas import Schemas

from contract.kafka.offsets import TopicOffset
from tests.spark.samples import SCHEMAS, USERS, key, records, value


class InMemoryEvents:
    """`slow`: its jobs do not end. Otherwise raises `error` if there is one."""

    def __init__(self, error: Exception | None = None, slow: bool = False) -> None:
        self.error = error
        self.slow = slow
        self.calls: list[str] = []
        self.written: list[int] = []

    @property
    def schemas(self) -> Schemas:
        return SCHEMAS

    def bulk(self, events: DataFrame) -> WriteCounts:
        self.calls.append("bulk")
        return self._write(events)

    def one_by_one(self, events: DataFrame) -> WriteCounts:
        self.calls.append("one by one")
        return self._write(events)

    def _write(self, events: DataFrame) -> WriteCounts:
        if self.error:
            raise self.error
        if self.slow:
            forever = events.sparkSession.range(10**15).selectExpr("sum(id * id % 7)")
            forever.collect()
        rows = upserts(events, USERS).collect()
        self.written += [row.topic_offset for row in rows]
        return WriteCounts(upserts=len(rows))


class Ranges:
    def __init__(self, spark: SparkSession, events: InMemoryEvents, timeout_s: float = 90) -> None:
        topic = records(spark, [(key(), value())] * 40)
        topic = topic.selectExpr("*", "0 AS timestampType")

        def read(messages: Range) -> DataFrame:
            return topic.where(f"offset >= {messages.start} AND offset < {messages.end}")

        self.writer = SparkRangeWriter(
            spark, USERS, events, read, lambda: None, Watchdog(), timeout_s=timeout_s
        )


def test_few_messages_are_written_row_by_row_and_many_in_bulk(spark: SparkSession) -> None:
    events = InMemoryEvents()
    writer = Ranges(spark, events).writer
    writer.write(Range(2, 3, 5))
    writer.write(Range(2, 5, 6 + ROW_BY_ROW_MAX))
    assert events.calls == ["one by one", "bulk"]
    assert events.written == list(range(3, 6 + ROW_BY_ROW_MAX))
    assert writer.written == WriteCounts(upserts=len(events.written))


@pytest.mark.parametrize("error", [ValueError("year 12024"), OverflowError("too large")])
def test_a_value_that_python_cannot_hold_is_to_blame(spark: SparkSession, error: Exception) -> None:
    with pytest.raises(MessagesError, match=f"its decoding fails: .*{error}"):
        Ranges(spark, InMemoryEvents(error)).writer.write(Range(2, 0, 1))


@pytest.mark.parametrize("error", [SchemaChangedError("[9]"), ConnectionError("cassandra")])
def test_an_outage_or_a_new_schema_blames_no_message(spark: SparkSession, error: Exception) -> None:
    with pytest.raises(type(error)):
        Ranges(spark, InMemoryEvents(error)).writer.write(Range(2, 0, 1))


def test_a_range_that_does_not_end_is_cancelled(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(range_writer, "CANCEL_INTERVAL_S", 0.2)
    with pytest.raises(MessagesError, match="its decoding does not end"):
        Ranges(spark, InMemoryEvents(slow=True), timeout_s=0.5).writer.write(Range(2, 0, 1))


def test_the_bytes_of_a_message_are_read_without_decoding(spark: SparkSession) -> None:
    writer = Ranges(spark, InMemoryEvents()).writer
    writer.check_platform()
    writer.read(Range(2, 0, 3))
    (record,) = writer.records(TopicOffset(2, 7)).collect()
    assert (record.offset, bytes(record.value)) == (7, value())


def test_a_lost_executor_is_the_reason() -> None:
    error = RuntimeError("Job aborted: ExecutorLostFailure (executor 3 exited)")
    assert failure_reason(error) == "its decoding kills the executor"


class InMemoryStore:
    def __init__(self, is_available: bool) -> None:
        self._is_available = is_available

    def is_available(self) -> bool:
        return self._is_available


@pytest.mark.parametrize(
    ("is_available", "kafka_cause", "message"),
    [(False, None, "Cassandra does not answer"), (True, "Kafka: no topic", "Kafka: no topic")],
)
def test_a_component_that_does_not_answer_is_named(
    monkeypatch: pytest.MonkeyPatch, is_available: bool, kafka_cause: str | None, message: str
) -> None:
    monkeypatch.setattr(topics, "not_ready_cause", lambda *_: kafka_cause)
    with pytest.raises(PlatformError, match=message):
        platform_check(None, Settings("r1"), USERS, InMemoryStore(is_available))()


def test_a_platform_that_answers_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "not_ready_cause", lambda *_: None)
    platform_check(None, Settings("r1"), USERS, InMemoryStore(True))()
