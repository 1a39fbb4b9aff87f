"""Writes single ranges of a batch by Spark, with a timeout, for isolate()."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Protocol

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from contract.kafka.offsets import TopicOffset
from contract.kafka.topics import events
from contract.table.table import Table
from riada_stream.runtime.log import root_cause
from riada_stream.runtime.watchdog import Watchdog
from riada_stream.settings import Settings
from riada_stream.sink.event_writer import EventSink, SchemaChangedError
from riada_stream.sink.isolate import MessagesError
from riada_stream.sink.write_counts import WriteCounts
from riada_stream.source import topics
from riada_stream.source.decode import DECODED, decode_events
from riada_stream.source.options import SOURCE
from riada_stream.source.ranges import Range
from riada_stream.source.validation import validated

# A range that takes longer hangs. The time for which it waits for an executor does not count.
RANGE_TIMEOUT_S = 90.0
CANCEL_INTERVAL_S = 2.0
# Ranges up to this size are written row by row, so that Cassandra refuses one row and not all.
ROW_BY_ROW_MAX = 32
# Errors of a Spark job, and of a value that Python cannot hold. Cassandra's and the registry's
# errors are outages.
MESSAGE_ERRORS = (Py4JError, PySparkException, ValueError, TypeError, OverflowError)


class PlatformError(Exception):
    """A component does not answer."""


class Availability(Protocol):
    def is_available(self) -> bool: ...


class SparkRangeWriter:
    """Writes ranges of one table. `read_range` reads Kafka's records of a range. `written` counts
    all ranges together."""

    def __init__(
        self,
        spark: SparkSession,
        table: Table,
        events: EventSink,
        read_range: Callable[[Range], DataFrame],
        check_platform: Callable[[], None],
        watchdog: Watchdog,
        timeout_s: float = RANGE_TIMEOUT_S,
    ) -> None:
        self._spark = spark
        self._table = table
        self._job_tag = f"riada-range-{table.name}"
        self._events = events
        self._read_range = read_range
        self._watchdog = watchdog
        self._timeout_s = timeout_s
        self._check_platform = check_platform
        self.written = WriteCounts()

    def check_platform(self) -> None:
        self._check_platform()

    def write(self, messages: Range) -> None:
        """Writes many messages in bulk, since most ranges of a batch hold no bad message."""
        row_by_row = len(messages) <= ROW_BY_ROW_MAX
        step = self._events.one_by_one if row_by_row else self._events.bulk
        with self._job():
            records = self._read_range(messages)
            events = validated(
                decode_events(records, self._table, self._events.schemas), self._table
            )
            self.written += step(events.drop(*DECODED, "timestampType"))

    def read(self, messages: Range) -> None:
        with self._job():
            self._read_range(messages).selectExpr("length(key)", "length(value)").collect()

    def records(self, message: TopicOffset) -> DataFrame:
        """Kafka's record of one message."""
        return self._read_range(Range(message.partition, message.offset, message.offset + 1))

    @contextmanager
    def _job(self) -> Iterator[None]:
        self._spark.range(1).count()  # waits for an executor: the last one may have just died
        self._watchdog.step()
        context, done = self._spark.sparkContext, Event()
        context.addJobTag(self._job_tag)
        Thread(target=self._cancel_after_timeout, args=[done], daemon=True).start()
        try:
            yield
        except SchemaChangedError:
            raise
        except MESSAGE_ERRORS as error:
            raise MessagesError(failure_reason(error)) from error
        finally:
            done.set()
            context.removeJobTag(self._job_tag)
            self._watchdog.step()

    def _cancel_after_timeout(self, done: Event) -> None:
        """Cancels repeatedly: a range is several jobs, and the next one may not have begun yet."""
        wait_s = self._timeout_s
        while not done.wait(wait_s):
            self._spark.sparkContext.cancelJobsWithTag(self._job_tag)
            wait_s = CANCEL_INTERVAL_S


def failure_reason(error: Exception) -> str:
    """Why a Spark job over a range failed, for the dead letter."""
    text = str(error)
    if "ExecutorLostFailure" in text:
        return "its decoding kills the executor"
    if "cancelled" in text:
        return "its decoding does not end"
    return f"its decoding fails: {root_cause(error)}"


def kafka_reader(
    spark: SparkSession, settings: Settings, table: Table
) -> Callable[[Range], DataFrame]:
    """Reads Kafka's records of a range from the table's topic."""
    topic = events(table).name

    def read_range(messages: Range) -> DataFrame:
        partition = str(messages.partition)
        return (
            spark.read.format("kafka")
            .options(**SOURCE)
            .option("kafka.bootstrap.servers", settings.kafka_bootstrap)
            .option("assign", json.dumps({topic: [messages.partition]}))
            .option("startingOffsets", json.dumps({topic: {partition: messages.start}}))
            .option("endingOffsets", json.dumps({topic: {partition: messages.end}}))
            .load()
        )

    return read_range


def platform_check(
    spark: SparkSession, settings: Settings, table: Table, store: Availability
) -> Callable[[], None]:
    """Raises PlatformError when Cassandra or Kafka does not answer."""

    def check() -> None:
        if not store.is_available():
            raise PlatformError("Cassandra does not answer")
        if cause := topics.not_ready_cause(spark, settings, table):
            raise PlatformError(cause)

    return check
