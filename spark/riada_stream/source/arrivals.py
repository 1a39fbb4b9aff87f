"""Have messages arrived for tables whose query is parked?

A running query asks Kafka for its topic's end many times a second. The tables of parked queries
share one request.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from pyspark.sql import SparkSession

from contract.stores.cassandra.batches import Offsets
from riada_stream.runtime.jvm import JavaObject
from riada_stream.settings import Settings
from riada_stream.source import topics

# An answer is shared by all tables that ask within this time.
INTERVAL_S = 0.4

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
    """Reads the ends of topics with one admin client, which it keeps."""

    def __init__(self, spark: SparkSession, settings: Settings) -> None:
        self._jvm: JavaObject = spark._jvm
        self._settings = settings
        self._admin: JavaObject | None = None

    def __call__(self, names: frozenset[str]) -> dict[str, Offsets]:
        """Raises Kafka's errors, also when one of the topics does not exist."""
        if self._admin is None:
            self._admin = topics.new_admin(self._jvm, self._settings)
        try:
            return self._read(sorted(names))
        except Exception:
            self._admin.close()
            self._admin = None
            raise

    def _read(self, names: list[str]) -> dict[str, Offsets]:
        described = topics.descriptions(self._admin, self._jvm, names)
        places = [
            (name, partition.partition())
            for name in names
            for partition in described.get(name).partitions()
        ]
        latest = self._jvm.org.apache.kafka.clients.admin.OffsetSpec.latest()
        ends: dict[str, Offsets] = {name: {} for name in names}
        for (name, number), end in topics.offsets_at(
            self._admin, self._jvm, places, latest
        ).items():
            ends[name][number] = end
        return ends
