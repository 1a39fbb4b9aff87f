"""How long messages and tombstones are kept, and how many bytes of messages. Invariant 7: messages
expire before tombstones.

Otherwise a replay of the topic could bring back a deleted row whose tombstone is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

# Kafka deletes a segment when its newest message expires: a message lives up to TOPIC + SEGMENT.
TOPIC = timedelta(days=7)

SEGMENT = timedelta(days=1)

# The longest absence of the streaming job after which it still finds all unread messages.
OUTAGE = timedelta(days=3)

# Cassandra's gc_grace for the tables of rows.
TOMBSTONE = TOPIC + SEGMENT + OUTAGE + timedelta(days=1)

DEAD_LETTERS = timedelta(days=30)

REJECTS = timedelta(days=30)  # items in riada.rejects

BATCHES = timedelta(days=7)  # records of people.batches

# Keys of rows that differ. One comparison must end before they expire.
COMPARISONS, COMPARISONS_SEGMENT = timedelta(hours=12), timedelta(hours=1)


def milliseconds(duration: timedelta) -> int:
    return int(duration / timedelta(milliseconds=1))


def seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())


# The share of a table's bytes on one broker (KAFKA_TABLE_GIB) that is for its dead letters.
DEAD_LETTER_SHARE = 1 / 8
# A segment must hold the largest batch (contract/kafka/topics.py); Kafka's default is 1 GiB.
SMALLEST_SEGMENT, LARGEST_SEGMENT = 16 << 20, 1 << 30
SEGMENTS = 8  # of a partition that has reached its limit


@dataclass(frozen=True)
class SizeLimit:
    """Bytes of one partition. Kafka deletes the oldest segment while the others hold at least
    `kept`, and checks this every minute (docker/kafka/entrypoint.sh)."""

    kept: int
    segment: int

    @property
    def largest(self) -> int:
        """What the partition takes on the disk: the segment that Kafka writes and the one that it
        deletes next come on top."""
        return self.kept + 2 * self.segment

    def settings(self) -> dict[str, str]:
        """Kafka's settings of the topic."""
        return {"retention.bytes": str(self.kept), "segment.bytes": str(self.segment)}


@dataclass(frozen=True)
class TableLimits:
    """The limits of the topics of one table. They do not depend on other tables: a new one deletes
    no message of another."""

    events: SizeLimit
    dead_letters: SizeLimit


def table_limits(budget: int, partitions: int) -> TableLimits:
    """`budget`: bytes of a table's topics on one broker; `partitions`: of its topic of events. A
    broker has a replica of every partition. A budget that is too small for the number of partitions
    is exceeded."""
    dead_letters = budget * DEAD_LETTER_SHARE
    return TableLimits(_limit((budget - dead_letters) / partitions), _limit(dead_letters))


def _limit(largest: float) -> SizeLimit:
    segment = min(max(int(largest / SEGMENTS), SMALLEST_SEGMENT), LARGEST_SEGMENT)
    return SizeLimit(max(int(largest) - 2 * segment, segment), segment)
