"""Reads all three sides. People may flow meanwhile: keys that differ are looked at again until they
agree or nothing changes any more; keys that only came later are left out."""

from __future__ import annotations

import time
from dataclasses import dataclass

from control_center.clients.clients import Clients
from control_center.config import DEAD_LETTERS, TOPIC
from control_center.jobs import protocol
from control_center.jobs.compare import read
from control_center.jobs.compare.digests import Sides, digest
from control_center.jobs.compare.offsets import gaps
from control_center.pipeline import batches, user_repository

PATIENCE_S = 30.0
BATCHES = 5_000
"""So many of the job's newest batches are looked at for offsets between them."""


@dataclass
class Examination:
    """`unequal`: keys that are not the same on all sides; `expired`: keys that are the same in both
    stores, and that retention has taken from the topic."""

    sides: Sides
    reader: read.TopicReader
    unequal: set[str]
    expired: set[str]


def examine(clients: Clients) -> Examination:
    """Raises UnreachableError."""
    earliest = clients.kafka.earliest(TOPIC)
    people = read.postgres(clients)
    reader = read.TopicReader(clients, dict(earliest), clients.kafka.earliest(DEAD_LETTERS))
    reader.read(_decided(clients))
    sides = Sides(people, reader.topic.people(), read.cassandra(clients))
    unequal = sides.unequal()
    expired = _expired(sides, unequal, earliest)
    sides.forget(expired)
    reader.offsets.gaps = gaps(batches.last(clients, BATCHES), earliest)
    found = Examination(sides, reader, unequal - expired, expired)
    settle(clients, found)
    left = len(found.unequal)
    protocol.progress(f"{left:,} keys differ" if left else "all three sides are equal")
    return found


def _decided(clients: Clients) -> dict[int, int]:
    """Up to where the job has written or refused every message."""
    ends, newest = clients.kafka.offsets(TOPIC), batches.newest(clients)
    if newest is None:
        return ends
    return {part: min(end, newest.end_offsets.get(part, 0)) for part, end in ends.items()}


def _expired(sides: Sides, unequal: set[str], earliest: dict[int, int]) -> set[str]:
    """Keys that agree in both stores and of which retention has left no event on the topic."""
    if not any(earliest.values()):
        return set()
    return {
        key
        for key in unequal
        if key not in sides.topic and sides.postgres.get(key) == sides.cassandra.get(key)
    }


def settle(clients: Clients, found: Examination) -> None:
    """Looks at the keys that differ again and again, while fewer and fewer do."""
    reader, sides, unequal = found.reader, found.sides, found.unequal
    best, since = len(unequal) + 1, time.monotonic()
    while unequal:
        if len(unequal) < best:
            best, since = len(unequal), time.monotonic()
        if time.monotonic() - since > PATIENCE_S:
            break
        protocol.progress(f"{len(unequal):,} keys differ still: looking again")
        time.sleep(1)
        reader.read(_decided(clients), only=unequal)
        newest = reader.topic.newest
        cassandra, _ = user_repository.in_cassandra(clients, unequal)
        now = Sides(
            {
                key: digest(row)
                for key, row in user_repository.in_postgres(clients, unequal).items()
            },
            {
                key: value
                for key in unequal
                if key in newest and (value := newest[key].digest) is not None
            },
            {key: digest(row) for key, row in cassandra.items()},
        )
        sides.look_again(unequal, now)
        unequal = found.unequal = {key for key in unequal if not sides.agree(key)}
