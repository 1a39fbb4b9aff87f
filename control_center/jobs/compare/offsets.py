"""Invariant 2: every offset is a row in Cassandra or an entry in the dead-letter topic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from contract.jobs.compare import OffsetGap, OffsetSummary, UnaccountedOffset
from contract.kafka.offsets import TopicOffset
from contract.stores.cassandra.batches import BatchRecord
from control_center.pipeline.dead_letter import MessageIdentity

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
    """The fate of each of the topic's messages. `origins`: of all dead letters, some of which are
    of a former topic; `refused`: messages that were not decoded because they have a dead letter;
    `undecodable`: message → why it cannot be decoded; `gaps`: offsets that no batch covers."""

    expected: int = 0
    read: int = 0
    events: int = 0
    origins: set[MessageIdentity] = field(default_factory=set)
    refused: set[TopicOffset] = field(default_factory=set)
    undecodable: dict[MessageIdentity, str] = field(default_factory=dict)
    gaps: list[OffsetGap] = field(default_factory=list)

    def has_dead_letter(self, message: MessageIdentity) -> bool:
        """A dead letter of a message that could not be read has no time."""
        return message in self.origins or MessageIdentity(message.place, None) in self.origins

    def unaccounted(self) -> list[TopicOffset]:
        """Messages that cannot be decoded and that have no dead letter, in order."""
        return sorted(
            message.place for message in self.undecodable if not self.has_dead_letter(message)
        )

    @property
    def complete(self) -> bool:
        """True if every expected message was read and is accounted for."""
        return self.read == self.expected and not self.unaccounted()

    def summary(self, limit: int = LISTED) -> OffsetSummary:
        """Counts, and the first `limit` gaps and unaccounted offsets."""
        unaccounted = self.unaccounted()
        reasons = {message.place: reason for message, reason in self.undecodable.items()}
        return OffsetSummary(
            expected=self.expected,
            read=self.read,
            events=self.events,
            dead_letters=len(self.refused) + len(self.undecodable) - len(unaccounted),
            undecodable=len(self.undecodable),
            unaccounted=len(unaccounted),
            gaps=tuple(self.gaps[:limit]),
            unaccounted_first=tuple(
                UnaccountedOffset(offset.partition, offset.offset, reasons[offset])
                for offset in unaccounted[:limit]
            ),
        )
