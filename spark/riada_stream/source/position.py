"""The position of each database's log. No event of its tables can have a later version.

Anybody who can write to the topic can write any version, and an event with a version from the
future would hide every later commit. The connector manager publishes epoch and LSN of each database
every 10 s (contract/kafka/capture.py). Until it has published the first, versions have no bound.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

from pyspark.sql import SparkSession

from contract.kafka.capture import TOPIC, Capture, key
from contract.table.version import Version
from riada_stream.runtime.jvm import JavaObject, java_map
from riada_stream.settings import Settings

log = logging.getLogger(__name__)

# An event may be ahead of the newest record, which is up to 10 s old, by this many bytes.
BOUND_MARGIN = 16 << 30
TIMEOUT_MS = 10_000
POLL_INTERVAL_S = 2.0
REFRESH_TIMEOUT_S = 30.0
# A database's newest record is among this many before the topic's end.
RECORDS_READ = 50
# The first time: a server that has been down for hours has no newer one.
RECORDS_READ_FIRST = 5_000


@dataclass(frozen=True)
class Published:
    """The newest record. `at_ms` is its timestamp by the clock of Connect, as those of events."""

    capture: Capture
    at_ms: int

    @property
    def bound(self) -> int:
        """The largest version that an event may have."""
        return int(Version(self.capture.epoch, self.capture.lsn + BOUND_MARGIN))


class CapturePosition:
    """The newest record of a database that the driver has read."""

    def __init__(self, spark: SparkSession, settings: Settings, database: str = "") -> None:
        self._spark, self._settings, self._database = spark, settings, database
        self._published: Published | None = None
        self._log_id = ""

    @property
    def bound(self) -> int | None:
        """The largest version that an event may have; None while it is unknown."""
        return self._published.bound if self._published else None

    @property
    def capture(self) -> Capture | None:
        return self._published.capture if self._published else None

    @property
    def log_id(self) -> str:
        """The name of Kafka's log (contract/kafka/capture.py); "" while it is unknown, also when
        Kafka has lost the record that was read before: that one names another log."""
        return self._log_id

    def refresh(self, after_ms: int = 0) -> int | None:
        """Reads the newest record and returns the bound.

        Waits up to REFRESH_TIMEOUT_S for a record that is later than `after_ms`, so that the bound
        covers an event of that time.
        """
        until = time.monotonic() + REFRESH_TIMEOUT_S
        while True:
            read = self._read()
            self._log_id = read.capture.log_id if read else ""
            self._published = read or self._published
            if self._published is None or self._published.at_ms >= after_ms:
                break
            if time.monotonic() > until:
                log.warning(
                    "topic %s: no record %s of the last %.0f s. Check that connect is running",
                    TOPIC,
                    key(self._database),
                    REFRESH_TIMEOUT_S,
                )
                break
            time.sleep(POLL_INTERVAL_S)
        return self.bound

    def _read(self) -> Published | None:
        records = RECORDS_READ if self._published else RECORDS_READ_FIRST
        return read_newest(self._spark, self._settings, key(self._database), records)


class CapturePositions:
    """The position of each database, which all of its tables share."""

    def __init__(self, spark: SparkSession, settings: Settings) -> None:
        self._spark, self._settings = spark, settings
        self._lock = threading.Lock()
        self._of: dict[str, CapturePosition] = {}

    def of(self, database: str) -> CapturePosition:
        with self._lock:
            if database not in self._of:
                self._of[database] = CapturePosition(self._spark, self._settings, database)
            return self._of[database]


def read_newest(
    spark: SparkSession, settings: Settings, record: str, records: int
) -> Published | None:
    """Of the records with this key, among the last ones of the topic. None when there is none, or
    the topic does not exist. Raises Kafka's errors."""
    jvm: JavaObject = spark._jvm
    consumer = new_consumer(jvm, settings)
    try:
        if not consumer.partitionsFor(TOPIC):
            return None
        return newest_record(jvm, consumer, record, records)
    finally:
        consumer.close()


def new_consumer(jvm: JavaObject, settings: Settings) -> JavaObject:
    """A consumer without a group, for texts."""
    deserializer = "org.apache.kafka.common.serialization.StringDeserializer"
    settings_of_client = {
        "bootstrap.servers": settings.kafka_bootstrap,
        "key.deserializer": deserializer,
        "value.deserializer": deserializer,
        "allow.auto.create.topics": "false",
        "default.api.timeout.ms": str(TIMEOUT_MS),
        "request.timeout.ms": str(TIMEOUT_MS),
    }
    return jvm.org.apache.kafka.clients.consumer.KafkaConsumer(java_map(jvm, settings_of_client))


def newest_record(
    jvm: JavaObject, consumer: JavaObject, record: str, records: int
) -> Published | None:
    """The last valid record with this key among the last ones of the topic."""
    partition = jvm.org.apache.kafka.common.TopicPartition(TOPIC, 0)
    partitions = jvm.java.util.List.of(partition)
    consumer.assign(partitions)
    end = consumer.endOffsets(partitions).get(partition)
    first = consumer.beginningOffsets(partitions).get(partition)
    consumer.seek(partition, max(first, end - records))
    matching, until = [], time.monotonic() + TIMEOUT_MS / 1000
    while consumer.position(partition) < end and time.monotonic() < until:
        polled = consumer.poll(jvm.java.time.Duration.ofMillis(500)).records(partition)
        matching += [read for read in polled if read.key() == record]
    # Each call of the JVM takes time, so only the newest are decoded.
    decoded = (_published(read) for read in reversed(matching) if read.value() is not None)
    return next((published for published in decoded if published), None)


def _published(record: JavaObject) -> Published | None:
    try:
        published = Published(Capture.from_json(record.value()), record.timestamp())
        int(published.bound)  # raises TypeError for an epoch or LSN that is not a number
    except (AttributeError, ValueError, TypeError, KeyError) as error:
        log.warning(
            "topic %s, offset %s: not a capture record (%r), ignored", TOPIC, record.offset(), error
        )
        return None
    return published
