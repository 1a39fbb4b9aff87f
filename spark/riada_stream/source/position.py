"""How far PostgreSQL's log has come: no event can be of a later version.

Anybody who can write to the topic can write a version, and one from the future would hide every
commit to come. The connector manager publishes epoch and LSN every 10 s
(contract/kafka/capture.py); before it has, there is no bound.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from pyspark.sql import SparkSession

from contract.kafka.capture import KEY, TOPIC, Capture
from contract.table.version import Version
from riada_stream.runtime.log import log
from riada_stream.settings import Settings

SLACK = 16 << 30
"""Bytes: so far may an event be ahead of the newest record, which is up to 10 s old."""
TIMEOUT_MS = 10_000
PAUSE_S = 2.0
PATIENCE_S = 30.0
BACK = 50
"""So many records before the topic's end are read: the newest with KEY is among them."""


@dataclass(frozen=True)
class Published:
    """The newest record; `at_ms` is its timestamp, by the clock of Connect, as those of events."""

    capture: Capture
    at_ms: int

    @property
    def bound(self) -> int:
        """The largest version that an event may have."""
        return int(Version(self.capture.epoch, self.capture.lsn + SLACK))


class Position:
    """The newest record that the driver knows."""

    def __init__(self, spark: SparkSession, settings: Settings) -> None:
        self._spark, self._settings = spark, settings
        self._published: Published | None = None

    @property
    def bound(self) -> int | None:
        return self._published.bound if self._published else None

    @property
    def log_id(self) -> str:
        """Of what Kafka holds (contract/kafka/capture.py); "" while that is unknown."""
        return self._published.capture.log_id if self._published else ""

    def refresh(self, after_ms: int = 0) -> int | None:
        """The bound by the newest record; waits PATIENCE_S for one that is later than `after_ms`,
        so that what an event was captured after is known."""
        until = time.monotonic() + PATIENCE_S
        while True:
            self._published = newest(self._spark, self._settings) or self._published
            if self._published is None or self._published.at_ms >= after_ms:
                break
            if time.monotonic() > until:
                log(f"{TOPIC} has no record of the last {PATIENCE_S:.0f} s: is connect up?")
                break
            time.sleep(PAUSE_S)
        return self.bound


def newest(spark: SparkSession, settings: Settings) -> Published | None:
    """None when there is no such topic or no record on it yet."""
    jvm = spark._jvm
    properties = jvm.java.util.HashMap()
    deserializer = "org.apache.kafka.common.serialization.StringDeserializer"
    for name, value in {
        "bootstrap.servers": settings.kafka_bootstrap,
        "key.deserializer": deserializer,
        "value.deserializer": deserializer,
        "allow.auto.create.topics": "false",
        "default.api.timeout.ms": str(TIMEOUT_MS),
        "request.timeout.ms": str(TIMEOUT_MS),
    }.items():
        properties.put(name, value)
    consumer = jvm.org.apache.kafka.clients.consumer.KafkaConsumer(properties)
    try:
        if not consumer.partitionsFor(TOPIC):
            return None
        return _newest(jvm, consumer)
    finally:
        consumer.close()


def _newest(jvm, consumer) -> Published | None:
    partition = jvm.org.apache.kafka.common.TopicPartition(TOPIC, 0)
    partitions = jvm.java.util.List.of(partition)
    consumer.assign(partitions)
    end = consumer.endOffsets(partitions).get(partition)
    first = consumer.beginningOffsets(partitions).get(partition)
    consumer.seek(partition, max(first, end - BACK))
    found, until = None, time.monotonic() + TIMEOUT_MS / 1000
    while consumer.position(partition) < end and time.monotonic() < until:
        for record in consumer.poll(jvm.java.time.Duration.ofMillis(500)).records(partition):
            if record.key() == KEY and record.value() is not None:
                found = _published(record) or found
    return found


def _published(record) -> Published | None:
    try:
        return Published(Capture.from_json(record.value()), record.timestamp())
    except (ValueError, TypeError, KeyError) as error:
        log(f"{TOPIC} offset {record.offset()} is not a record of the capture: {error!r}")
        return None
