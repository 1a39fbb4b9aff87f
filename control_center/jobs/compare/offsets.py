"""Invariant 2: every offset is a row in Cassandra or an entry in the dead-letter topic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from contract.jobs.compare import OffsetGap, OffsetSummary, UnaccountedOffset
from contract.kafka.offsets import TopicOffset
from contract.stores.cassandra.batches import BatchRecord

LISTED = 20


def gaps(batches: Iterable[BatchRecord], earliest: Mapping[int, int]) -> list[OffsetGap]:
    """Offsets between these batches that none of them covers. Offsets that retention has deleted
    (below `earliest`) and offsets before the oldest batch do not count. Batches may repeat and
    overlap: a new driver writes its predecessor's last batch again."""
    covered: dict[int, list[tuple[int, int]]] = {}
    for batch in batches:
        for partition, end in batch.end_offsets.items():
            start = batch.start_offsets.get(partition, 0)
            covered.setdefault(partition, []).append((start, end))
    result = []
    for partition, ranges in sorted(covered.items()):
        reached = max(min(ranges)[0], earliest.get(partition, 0))
        for start, end in sorted(ranges):
            if start > reached:
                result.append(OffsetGap(partition, reached, start))
            reached = max(reached, end)
    return result


@dataclass
class OffsetAccount:
    """The fate of each of the topic's messages. `refused`: origins of the dead letters;
    `undecodable`: offset → why it cannot be decoded; `gaps`: offsets that no batch covers."""

    expected: int = 0
    read: int = 0
    events: int = 0
    refused: set[TopicOffset] = field(default_factory=set)
    undecodable: dict[TopicOffset, str] = field(default_factory=dict)
    gaps: list[OffsetGap] = field(default_factory=list)

    def unaccounted(self) -> list[TopicOffset]:
        """Messages that cannot be decoded and that have no dead letter, in order."""
        return sorted(self.undecodable.keys() - self.refused)

    @property
    def complete(self) -> bool:
        """True if every expected message was read and is accounted for."""
        return self.read == self.expected and not self.unaccounted()

    def summary(self, limit: int = LISTED) -> OffsetSummary:
        """Counts, and the first `limit` gaps and unaccounted offsets."""
        unaccounted = self.unaccounted()
        return OffsetSummary(
            expected=self.expected,
            read=self.read,
            events=self.events,
            dead_letters=len(self.refused),
            undecodable=len(self.undecodable),
            unaccounted=len(unaccounted),
            gaps=tuple(self.gaps[:limit]),
            unaccounted_first=tuple(
                UnaccountedOffset(offset.partition, offset.offset, self.undecodable[offset])
                for offset in unaccounted[:limit]
            ),
        )
