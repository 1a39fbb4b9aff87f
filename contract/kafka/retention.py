"""How long things are kept. Invariant 7: messages are kept for less time than tombstones.

Otherwise a replay of the topic could bring a deleted person back whose tombstone is gone.
"""

from __future__ import annotations

from datetime import timedelta

TOPIC = timedelta(days=7)
"""Kafka deletes whole segments, by their newest message: a message lives up to TOPIC + SEGMENT."""

SEGMENT = timedelta(days=1)

OUTAGE = timedelta(days=3)
"""So long may the streaming job be away and still read, at its return, what it has not read."""

TOMBSTONE = TOPIC + SEGMENT + OUTAGE + timedelta(days=1)
"""Cassandra's gc_grace of people.users."""

DEAD_LETTERS = timedelta(days=30)

BATCHES = timedelta(days=7)  # records of people.batches


def milliseconds(duration: timedelta) -> int:
    return int(duration / timedelta(milliseconds=1))


def seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())
