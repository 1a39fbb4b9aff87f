"""Reads PostgreSQL, topic and Cassandra, and finds the keys that differ.

Rows may change while we read. Keys that differ are read again until they match or stop
converging; keys that appear later are ignored.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

from contract.stores.cassandra.batches import Offsets
from control_center.jobs import job_protocol
from control_center.jobs.compare.offsets import gaps
from control_center.jobs.compare.reader import Reader
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
    retry_until_converged(reader, comparison, clock)
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


def retry_until_converged(reader: Reader, comparison: Comparison, clock: Clock = time) -> None:
    """Reads the mismatches again until there are none, or until their number has not fallen for
    CONVERGENCE_TIMEOUT_S."""
    topic, stores = comparison.topic, comparison.stores
    fewest, progress_at = len(comparison.mismatches), clock.monotonic()
    while comparison.mismatches:
        mismatches = comparison.mismatches
        if len(mismatches) < fewest:
            fewest, progress_at = len(mismatches), clock.monotonic()
        if clock.monotonic() - progress_at > CONVERGENCE_TIMEOUT_S:
            return
        job_protocol.progress(f"{len(mismatches):,} keys still differ: reading them again")
        clock.sleep(PAUSE_S)
        topic.read(reader.written(), only=mismatches)
        latest = StoreDigests(
            reader.postgres(mismatches), topic.digests(mismatches), reader.cassandra(mismatches)
        )
        stores.refresh(mismatches, latest)
        comparison.mismatches = {key for key in mismatches if not stores.matches(key)}
