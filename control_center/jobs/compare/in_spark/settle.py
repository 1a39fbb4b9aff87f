"""Reads the rows that differ again, in parts, until they match or until they cannot be on their
way any more. Memory holds one part."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from contract.jobs.spark_comparison import ComparisonRequest, ComparisonResult, RowDigests, Span
from contract.stores.cassandra.batches import Offsets
from control_center.jobs import job_protocol
from control_center.jobs.compare.in_spark.totals import Totals
from control_center.jobs.compare.newest_events import NewestEvent
from control_center.jobs.compare.offsets import LISTED, gaps
from control_center.jobs.compare.outcome import DifferingKey, Outcome, first_keys
from control_center.jobs.compare.reader import Barrier, Reader
from control_center.jobs.compare.reconcile import (
    CONVERGENCE_TIMEOUT_S,
    Clock,
    Comparison,
    Deadline,
    retry_until_converged,
)
from control_center.jobs.compare.store_digests import StoreDigests
from control_center.jobs.compare.topic_reader import TopicReader
from control_center.pipeline.chunks import chunks

AT_ONCE = 5000  # rows


@dataclass
class LimitedBarrier:
    """A barrier that counts as passed after CONVERGENCE_TIMEOUT_S. All parts share it: if the
    stream stands still, only the first part waits so long."""

    barrier: Barrier
    clock: Clock
    made_at: float

    @property
    def position(self) -> int:
        return self.barrier.position

    def has_passed(self) -> bool:
        if self.clock.monotonic() - self.made_at > CONVERGENCE_TIMEOUT_S:
            return True
        return self.barrier.has_passed()


def settle(
    reader: Reader,
    request: ComparisonRequest,
    result: ComparisonResult,
    differences: Iterable[RowDigests],
    on_differing: Callable[[Comparison], None] = lambda _: None,
    clock: Clock = time,
) -> Outcome:
    """`on_differing` gets each part with rows that still differ. Raises UnreachableError.

    Spark has read every row before the barrier is made. So a row that PostgreSQL holds unchanged
    when the barrier has passed, and that still differs, is not on its way."""
    totals = {name: Totals(summary) for name, summary in result.stores.items()}
    barrier = LimitedBarrier(reader.barrier(), clock, clock.monotonic())
    differing = read = 0
    first: tuple[DifferingKey, ...] = ()
    for rows in chunks(differences, AT_ONCE):
        comparison, earlier = _comparison(reader, request, rows), _stores(rows)
        before = {row.key: earlier.postgres.get(row.key) for row in rows}
        retry_until_converged(reader, comparison, clock, Deadline(barrier, before))
        for name, digests in comparison.stores.by_name().items():
            totals[name].replace(earlier.by_name()[name], digests)
        read += len(rows)
        if comparison.mismatches:
            differing += len(comparison.mismatches)
            first = first_keys((*first, *comparison.differing()))
            job_protocol.progress(f"{differing:,} of {read:,} rows that were read again differ")
            on_differing(comparison)
    missed = gaps(reader.batches(), _starts(request.topic))
    return Outcome(
        totals["postgres"].summary(),
        totals["topic"].summary(),
        totals["cassandra"].summary(),
        differing,
        first,
        result.expired,
        replace(result.offsets, gaps=tuple(missed[:LISTED])),
    )


def _comparison(
    reader: Reader, request: ComparisonRequest, rows: Sequence[RowDigests]
) -> Comparison:
    """These rows as Spark found them. The topic is read on from there."""
    ends = {span.partition: span.end for span in request.topic}
    dead_letters = {span.partition: span.end for span in request.dead_letters}
    topic = TopicReader(reader.table, reader, ends, dead_letters)
    for row in rows:
        if row.version is not None and row.partition is not None and row.offset is not None:
            digest = None if row.topic is None else int(row.topic, 16)
            topic.newest.add(row.key, NewestEvent(row.version, digest, row.partition, row.offset))
    return Comparison(_stores(rows), topic, {row.key for row in rows}, set())


def _stores(rows: Sequence[RowDigests]) -> StoreDigests:
    return StoreDigests(
        {row.key: int(row.postgres, 16) for row in rows if row.postgres is not None},
        {row.key: int(row.topic, 16) for row in rows if row.topic is not None},
        {row.key: int(row.cassandra, 16) for row in rows if row.cassandra is not None},
    )


def _starts(spans: Sequence[Span]) -> Offsets:
    return {span.partition: span.start for span in spans}
