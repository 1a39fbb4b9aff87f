"""A batch's ranges on the real engines: what isolate() divides."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from riada_stream.runtime.log import one_line
from riada_stream.runtime.watchdog import Watchdog
from riada_stream.settings import TOPIC, Settings
from riada_stream.sink.cassandra import Store
from riada_stream.sink.isolate import MessagesError
from riada_stream.sink.write import EventWriter, NewSchema, Written
from riada_stream.source import topics
from riada_stream.source.decode import events
from riada_stream.source.ranges import Place, Range
from riada_stream.source.validation import checked

LONGEST_S = 90.0
"""A range, once there is an executor for it; what takes longer hangs."""
AGAIN_S = 2.0
FEW = 32
"""Messages that are written row by row, so that Cassandra refuses one row and not all of them."""
TAG = "riada-range"
FAULTS = (Py4JError, PySparkException, ValueError, TypeError, OverflowError)
"""Of a job, or of a value that Python cannot hold. Cassandra's and the registry's are outages."""


class PlatformError(Exception):
    """A component does not answer."""


class SparkTrial:
    """`records` gives Kafka's records of a range. `written` is what all ranges together became."""

    def __init__(
        self,
        spark: SparkSession,
        writer: EventWriter,
        records: Callable[[Range], DataFrame],
        check_platform: Callable[[], None],
        watchdog: Watchdog,
        longest_s: float = LONGEST_S,
    ) -> None:
        self._spark = spark
        self._writer = writer
        self._read = records
        self._watchdog = watchdog
        self._longest_s = longest_s
        self.check_platform = check_platform
        self.written = Written()

    def write(self, messages: Range) -> None:
        """In bulk while they are many: most of a batch's ranges hold nothing that is to blame."""
        few = len(messages) <= FEW
        step = self._writer.one_by_one if few else self._writer.bulk
        with self._job():
            frame = checked(events(self._read(messages), self._writer.schemas))
            self.written += step(frame.drop("event", "timestampType"))

    def read(self, messages: Range) -> None:
        with self._job():
            self._read(messages).selectExpr("length(key)", "length(value)").collect()

    def records(self, place: Place) -> DataFrame:
        """One message."""
        partition, offset = place
        return self._read(Range(partition, offset, offset + 1))

    @contextmanager
    def _job(self) -> Iterator[None]:
        self._spark.range(1).count()  # waits for an executor: the last one may just have ended
        self._watchdog.step()
        context, done = self._spark.sparkContext, Event()
        context.addJobTag(TAG)
        Thread(target=self._cancel_late, args=[done], daemon=True).start()
        try:
            yield
        except NewSchema:
            raise
        except FAULTS as error:
            raise MessagesError(_cause(error)) from error
        finally:
            done.set()
            context.removeJobTag(TAG)
            self._watchdog.step()

    def _cancel_late(self, done: Event) -> None:
        """Again and again: a range is several jobs, and the next one may not have begun yet."""
        wait_s = self._longest_s
        while not done.wait(wait_s):
            self._spark.sparkContext.cancelJobsWithTag(TAG)
            wait_s = AGAIN_S


def _cause(error: Exception) -> str:
    text = str(error)
    if "ExecutorLostFailure" in text:
        return "its decoding kills the executor"
    if "cancelled" in text:
        return "its decoding does not end"
    return f"its decoding fails: {one_line(error)}"


def from_kafka(spark: SparkSession, settings: Settings, source: dict[str, str]):
    """Records of a range, read from the topic."""

    def records(messages: Range) -> DataFrame:
        part = str(messages.partition)
        return (
            spark.read.format("kafka")
            .options(**source)
            .option("kafka.bootstrap.servers", settings.kafka_bootstrap)
            .option("assign", json.dumps({TOPIC: [messages.partition]}))
            .option("startingOffsets", json.dumps({TOPIC: {part: messages.start}}))
            .option("endingOffsets", json.dumps({TOPIC: {part: messages.end}}))
            .load()
        )

    return records


def platform_check(spark: SparkSession, settings: Settings, store: Store) -> Callable[[], None]:
    """Raises PlatformError when Cassandra or Kafka does not answer."""

    def check() -> None:
        if not store.answers():
            raise PlatformError("Cassandra does not answer")
        if cause := topics.missing(spark, settings):
            raise PlatformError(f"Kafka: {cause}")

    return check
