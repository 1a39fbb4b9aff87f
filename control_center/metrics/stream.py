"""The streaming job's progress since the last measurement, by table: the number of delivered
changes, the durations of batches, and the age of the delivered rows."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Histogram

from contract.health.details.base import ProbeDetails
from contract.health.result import ProbeResult
from contract.kafka.topics import dead_letters, events
from contract.stores.cassandra.batches import BatchRecord
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.clients.kafka import Span
from control_center.health.outcome import Outcome
from control_center.health.positions import ends_at
from control_center.metrics.sample_offsets import commits, sample
from control_center.pipeline import batches
from control_center.pipeline.decoder import Decoder

OUTCOME = Outcome("stream", "spark-driver")
SAMPLES = 20  # rows of each measurement and table: 120 a minute, read one by one
THREADS = 8
BUCKETS = (0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10, 15, 30, 60, 300, 3600)

Spans = Mapping[str, Mapping[int, Span]]


@dataclass(frozen=True)
class StreamDetails(ProbeDetails):
    """`delivered`: name of a table → changes from its topic that Cassandra has, without dead
    letters."""

    delivered: Mapping[str, int]


class Stream:
    """Keeps the newest batch of each table that it has measured, and begins with the newest batch
    at its start."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._freshness = Histogram(
            "riada_freshness_seconds",
            "Time from a row's commit to its write, of rows sampled from every batch.",
            labelnames=["table"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._duration = Histogram(
            "riada_stream_batch_seconds",
            "Duration of a batch of the streaming job.",
            labelnames=["table"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._tables: dict[str, TableStream] = {}

    def measure(self, clients: Clients) -> ProbeResult:
        """A result with StreamDetails; raises UnreachableError."""
        tables = clients.tables()
        for name in self._tables.keys() - tables.keys():
            del self._tables[name]
            self._freshness.remove(name)
            self._duration.remove(name)
        spans = read_spans(clients, tables)
        delivered: dict[str, int] = {}
        if tables:
            with ThreadPoolExecutor(min(THREADS, len(tables))) as pool:
                counts = pool.map(
                    lambda table: self._of(table).measure(clients, spans), tables.values()
                )
                delivered = dict(zip(tables, counts))
        return OUTCOME.ok(
            f"{sum(delivered.values()):,} changes delivered", StreamDetails(delivered)
        )

    def _of(self, table: Table) -> TableStream:
        known = self._tables.get(table.name)
        if known is None or known.table != table:
            durations, ages = self._duration.labels(table.name), self._freshness.labels(table.name)
            known = self._tables[table.name] = TableStream(table, durations, ages)
        return known


class TableStream:
    """The progress of one table. `durations` and `ages` take seconds."""

    def __init__(self, table: Table, durations: Histogram, ages: Histogram) -> None:
        self.table = table
        self._durations, self._ages = durations, ages
        self._decoder: Decoder | None = None
        self._last: BatchRecord | None = None
        self._delivered = 0

    def measure(self, clients: Clients, spans: Spans) -> int:
        """The number of delivered changes. Reads Cassandra only if the newest known batch does not
        cover the topic."""
        topic = spans.get(events(self.table).name, {})
        if not self._covers(topic):
            if self._last is None:
                self._last = batches.newest(clients, self.table)
            else:
                self._record(clients, self._new(clients, self._last))
        done: Mapping[int, int] = {part: first for part, (first, _) in topic.items()}
        if self._last:
            done = self._last.end_offsets
        refused = spans.get(dead_letters(self.table).name, {})
        dead = sum(end for _, end in refused.values())
        # Dead letters are sent before their batch is recorded. That difference must not decrease a
        # counter.
        self._delivered = max(self._delivered, sum(done.values()) - dead)
        return self._delivered

    def _covers(self, topic: Mapping[int, Span]) -> bool:
        if all(first == end for first, end in topic.values()):
            return True  # the topic has no message
        return ends_at(self._last, topic)

    def _new(self, clients: Clients, last: BatchRecord) -> list[BatchRecord]:
        measured = (last.written_at, last.batch_id)
        since = batches.since(clients, self.table, last.written_at)
        return [batch for batch in since if (batch.written_at, batch.batch_id) > measured]

    def _record(self, clients: Clients, new: list[BatchRecord]) -> None:
        if not new:
            return
        self._last = new[-1]
        for batch in new:
            self._durations.observe((batch.written_at - batch.started_at).total_seconds())
        self._decoder = self._decoder or Decoder(clients, self.table)
        topic, offsets = events(self.table).name, sample(new, SAMPLES)
        for batch, committed in commits(clients, topic, self._decoder, offsets):
            self._ages.observe(max(0.0, batch.written_at.timestamp() - committed))


def read_spans(clients: Clients, tables: Mapping[str, Table]) -> Spans:
    """Topic → partition → first offset and end, of the events and dead letters of all tables."""
    topics = clients.kafka.topics()
    names = {
        topic.name for table in tables.values() for topic in (events(table), dead_letters(table))
    }
    wanted = {name: topics[name] for name in sorted(names & topics.keys())}
    return clients.kafka.spans(wanted) if wanted else {}
