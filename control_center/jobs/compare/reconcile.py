"""Reads PostgreSQL, topic and Cassandra, and finds the keys that differ.

Rows may change while we read. Keys that differ are read again until they match, or until what
PostgreSQL had committed has come to Cassandra and they still differ; keys that appear later are
ignored.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

from contract.stores.cassandra.batches import Offsets
from control_center.jobs import job_protocol
from control_center.jobs.compare.digest import Digest, summary
from control_center.jobs.compare.offsets import gaps
from control_center.jobs.compare.outcome import LISTED, DifferingKey, Outcome
from control_center.jobs.compare.reader import Barrier, Reader
from control_center.jobs.compare.store_digests import StoreDigests
from control_center.jobs.compare.topic_reader import TopicReader

CONVERGENCE_TIMEOUT_S = 30.0
PAUSE_S = 1.0


class Clock(Protocol):
    """The functions of the module `time` that a comparison uses."""

    def monotonic(self) -> float: ...

    def sleep(self, seconds: float, /) -> None: ...


@dataclass
class Comparison:
    """`mismatches`: keys that differ between stores. `expired`: keys that are equal in PostgreSQL
    and Cassandra, and whose events retention has deleted from the topic."""

    stores: StoreDigests
    topic: TopicReader
    mismatches: set[str]
    expired: set[str]

    def differing(self) -> tuple[DifferingKey, ...]:
        """The first of the mismatches."""
        return tuple(
            DifferingKey(key, tuple(self.stores.missing_in(key)), self.topic.newest.get(key))
            for key in sorted(self.mismatches)[:LISTED]
        )

    def outcome(self) -> Outcome:
        stores = self.stores
        return Outcome(
            summary(stores.postgres.values()),
            summary(stores.topic.values()),
            summary(stores.cassandra.values()),
            len(self.mismatches),
            self.differing(),
            len(self.expired),
            self.topic.offsets.summary(),
        )


@dataclass
class Deadline:
    """`before`: key → its digest in PostgreSQL, read before the barrier was made."""

    barrier: Barrier
    before: dict[str, Digest | None]

    @classmethod
    def of(cls, reader: Reader, comparison: Comparison) -> Deadline:
        digests = comparison.stores.postgres
        return cls(reader.barrier(), {key: digests.get(key) for key in comparison.mismatches})

    def has_passed(self) -> bool:
        return self.barrier.has_passed()

    def changed(self, comparison: Comparison) -> set[str]:
        """The mismatches that have changed in PostgreSQL since: a later change may be on its
        way."""
        digests = comparison.stores.postgres
        return {key for key in comparison.mismatches if digests.get(key) != self.before[key]}


def reconcile(reader: Reader, clock: Clock = time) -> Comparison:
    """The comparison once it has converged; raises UnreachableError."""
    earliest = reader.earliest()
    postgres = reader.postgres()
    topic = TopicReader(reader.table, reader, earliest)
    topic.read(reader.written())
    stores = StoreDigests(postgres, topic.newest.digests(), reader.cassandra())
    mismatches = stores.mismatches()
    expired = expired_keys(stores, mismatches, earliest)
    stores.exclude(expired)
    topic.offsets.gaps = gaps(reader.batches(), earliest)
    comparison = Comparison(stores, topic, mismatches - expired, expired)
    if comparison.mismatches:
        retry_until_converged(reader, comparison, clock, Deadline.of(reader, comparison))
    count = len(comparison.mismatches)
    result = f"{count:,} keys differ" if count else "all three stores are equal"
    job_protocol.progress(f"{reader.table.name}: {result}")
    return comparison


def expired_keys(stores: StoreDigests, mismatches: set[str], earliest: Offsets) -> set[str]:
    """Keys that are equal in PostgreSQL and Cassandra, and of which the topic has no event. If
    retention has deleted nothing, there are none: the event was lost."""
    if not any(earliest.values()):
        return set()
    return {
        key
        for key in mismatches
        if key not in stores.topic and stores.postgres.get(key) == stores.cassandra.get(key)
    }


def retry_until_converged(
    reader: Reader, comparison: Comparison, clock: Clock = time, deadline: Deadline | None = None
) -> None:
    """Reads the mismatches again until there are none, until a read after the deadline still finds
    them, or until their number has not fallen for CONVERGENCE_TIMEOUT_S."""
    fewest, progress_at = len(comparison.mismatches), clock.monotonic()
    while mismatches := comparison.mismatches:
        if len(mismatches) < fewest:
            fewest, progress_at = len(mismatches), clock.monotonic()
        if clock.monotonic() - progress_at > CONVERGENCE_TIMEOUT_S:
            return
        job_protocol.progress(f"{len(mismatches):,} keys still differ: reading them again")
        clock.sleep(PAUSE_S)
        is_over = deadline is not None and deadline.has_passed()
        _read_again(reader, comparison)
        if is_over and deadline is not None and comparison.mismatches:
            _accept_later_changes(reader, comparison, deadline)
            if not deadline.changed(comparison):
                return
            deadline = Deadline.of(reader, comparison)


def _accept_later_changes(reader: Reader, comparison: Comparison, deadline: Deadline) -> None:
    """A row that changes all the time may never be seen equal. It counts as equal with a change
    from after the barrier: Cassandra keeps the order, so no earlier change is missing."""
    if changed := deadline.changed(comparison):
        later = reader.changed_since(changed, deadline.barrier.position)
        comparison.stores.replace(later)
        comparison.mismatches -= later.keys()


def _read_again(reader: Reader, comparison: Comparison) -> None:
    mismatches, topic, stores = comparison.mismatches, comparison.topic, comparison.stores
    topic.read(reader.written(), only=mismatches)
    latest = StoreDigests(
        reader.postgres(mismatches), topic.digests(mismatches), reader.cassandra(mismatches)
    )
    stores.refresh(mismatches, latest)
    comparison.mismatches = {key for key in mismatches if not stores.matches(key)}
