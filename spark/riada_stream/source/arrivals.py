"""Have messages arrived for tables whose query is parked?

A running query asks Kafka for its topic's end many times a second. The tables of parked queries
share one request.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable

from pyspark.sql import SparkSession

from contract.stores.cassandra.batches import Offsets
from riada_stream.runtime.jvm import JavaObject
from riada_stream.settings import Settings
from riada_stream.source.position import new_consumer

# An answer is shared by all tables that ask within this time.
INTERVAL_S = 0.4
# A topic may get more partitions.
PARTITIONS_S = 60.0
_OFFSET = re.compile(r"([A-Za-z0-9._-]+)-(\d+)=(\d+)")

ReadEnds = Callable[[frozenset[str]], dict[str, Offsets]]


class Arrivals:
    """`read_ends` returns the end of each topic."""

    def __init__(self, read_ends: ReadEnds, clock: Callable[[], float] = time.monotonic) -> None:
        self._read_ends = read_ends
        self._clock = clock
        self._lock = threading.Lock()
        self._topics: frozenset[str] = frozenset()
        self._ends: dict[str, Offsets] = {}
        self._at = float("-inf")

    def has_new(self, topic: str, read: Offsets) -> bool:
        """Whether the topic does not end where it was read to. True when Kafka does not answer:
        then the query starts, and its failure is treated like every other one."""
        with self._lock:
            if topic not in self._topics or self._clock() - self._at > INTERVAL_S:
                self._topics |= {topic}
                try:
                    self._ends = self._read_ends(self._topics)
                except Exception:
                    self._forget_all()
                    return True
                self._at = self._clock()
            return self._ends.get(topic) != read

    def forget(self, topic: str) -> None:
        """The topic's query runs again."""
        with self._lock:
            self._topics -= {topic}

    def _forget_all(self) -> None:
        self._topics, self._ends, self._at = frozenset(), {}, float("-inf")


class KafkaEnds:
    """Reads the ends of topics with one consumer, which it keeps.

    Each step of a call into the JVM takes a part of a millisecond, so that the partitions are kept
    for PARTITIONS_S, and their offsets come as one text.
    """

    def __init__(self, spark: SparkSession, settings: Settings) -> None:
        self._jvm: JavaObject = spark._jvm
        self._settings = settings
        self._consumer: JavaObject | None = None
        self._partitions: JavaObject | None = None
        self._names: frozenset[str] = frozenset()
        self._listed_at = 0.0

    def __call__(self, names: frozenset[str]) -> dict[str, Offsets]:
        """Raises Kafka's errors."""
        if self._consumer is None:
            self._consumer = new_consumer(self._jvm, self._settings)
        try:
            if names != self._names or time.monotonic() - self._listed_at > PARTITIONS_S:
                self._list_partitions(self._consumer, names)
            return offsets_in(self._consumer.endOffsets(self._partitions).toString())
        except Exception:
            self._consumer.close()
            self._consumer, self._names = None, frozenset()
            raise

    def _list_partitions(self, consumer: JavaObject, names: frozenset[str]) -> None:
        partitions = self._jvm.java.util.ArrayList()
        for name in names:
            for info in consumer.partitionsFor(name):
                place = self._jvm.org.apache.kafka.common.TopicPartition(name, info.partition())
                partitions.add(place)
        self._partitions, self._names = partitions, names
        self._listed_at = time.monotonic()


def offsets_in(text: str) -> dict[str, Offsets]:
    """Java's text of a map: {TOPIC-0=12, …} → topic → partition → offset."""
    offsets: dict[str, Offsets] = {}
    for topic, partition, offset in _OFFSET.findall(text):
        offsets.setdefault(topic, {})[int(partition)] = int(offset)
    return offsets
