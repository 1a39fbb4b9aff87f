"""The streaming job's progress since the last measurement: the number of delivered changes, the
durations of batches, and the age of the delivered rows."""

from __future__ import annotations

from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Histogram

from contract.health.details.base import ProbeDetails
from contract.health.result import ProbeResult
from contract.stores.cassandra.batches import BatchRecord
from control_center.clients.clients import Clients
from control_center.config import DEAD_LETTERS, TOPIC
from control_center.health.outcome import Outcome
from control_center.metrics.sample_offsets import commits, sample
from control_center.pipeline import batches
from control_center.pipeline.decoder import Decoder

OUTCOME = Outcome("stream", "spark-driver")
SAMPLES = 20  # people of each measurement: 120 a minute, read one by one
BUCKETS = (0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10, 15, 30, 60, 300, 3600)


@dataclass(frozen=True)
class StreamDetails(ProbeDetails):
    """`delivered`: changes of people from the topic that Cassandra has, without dead letters."""

    delivered: int


class Stream:
    """Keeps the newest batch that it has measured, and begins with the newest batch at its
    start."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._freshness = Histogram(
            "riada_freshness_seconds",
            "Time from a person's commit to its write, of people sampled from every batch.",
            buckets=BUCKETS,
            registry=registry,
        )
        self._duration = Histogram(
            "riada_stream_batch_seconds",
            "Duration of a batch of the streaming job.",
            buckets=BUCKETS,
            registry=registry,
        )
        self._decoder: Decoder | None = None
        self._last: BatchRecord | None = None
        self._delivered = 0

    def measure(self, clients: Clients) -> ProbeResult:
        """A result with StreamDetails; raises UnreachableError."""
        if self._last is None:
            self._last = batches.newest(clients)
        else:
            self._record(clients, self._new(clients, self._last))
        done = self._last.end_offsets if self._last else clients.kafka.earliest(TOPIC)
        dead = sum(clients.kafka.offsets(DEAD_LETTERS).values())
        # Dead letters are sent before their batch is recorded. That difference must not decrease a
        # counter.
        self._delivered = max(self._delivered, sum(done.values()) - dead)
        return OUTCOME.ok(f"{self._delivered:,} changes delivered", StreamDetails(self._delivered))

    def _new(self, clients: Clients, last: BatchRecord) -> list[BatchRecord]:
        measured = (last.written_at, last.batch_id)
        since = batches.since(clients, last.written_at)
        return [batch for batch in since if (batch.written_at, batch.batch_id) > measured]

    def _record(self, clients: Clients, new: list[BatchRecord]) -> None:
        if not new:
            return
        self._last = new[-1]
        for batch in new:
            self._duration.observe((batch.written_at - batch.started_at).total_seconds())
        self._decoder = self._decoder or Decoder(clients)
        for batch, committed in commits(clients, self._decoder, sample(new, SAMPLES)):
            self._freshness.observe(max(0.0, batch.written_at.timestamp() - committed))
