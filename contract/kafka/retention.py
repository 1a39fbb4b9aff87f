"""How long messages and tombstones are kept. Invariant 7: messages expire before tombstones.

Otherwise a replay of the topic could bring back a deleted row whose tombstone is gone.
"""

from __future__ import annotations

from datetime import timedelta

# Kafka deletes a segment when its newest message expires: a message lives up to TOPIC + SEGMENT.
TOPIC = timedelta(days=7)

SEGMENT = timedelta(days=1)

# The longest absence of the streaming job after which it still finds all unread messages.
OUTAGE = timedelta(days=3)

# Cassandra's gc_grace for the tables of rows.
TOMBSTONE = TOPIC + SEGMENT + OUTAGE + timedelta(days=1)

DEAD_LETTERS = timedelta(days=30)

BATCHES = timedelta(days=7)  # records of people.batches


def milliseconds(duration: timedelta) -> int:
    return int(duration / timedelta(milliseconds=1))


def seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())
