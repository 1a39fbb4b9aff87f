"""Invariant 2: every offset is a row in Cassandra or stands in the dead-letter topic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contract.stream.batches import BatchRecord

TopicOffset = tuple[int, int]  # partition, offset
Gap = tuple[int, int, int]  # partition, first offset, end (exclusive)


def gaps(batches: Iterable[BatchRecord], earliest: Mapping[int, int]) -> list[Gap]:
    """Offsets between the batches that no batch covers. What retention has taken is left out, as
    is all before the oldest of these batches. Batches may repeat and overlap: a driver that goes on
    for another writes its running batch again."""
    covered: dict[int, list[tuple[int, int]]] = {}
    for batch in batches:
        for part, end in batch.end_offsets.items():
            covered.setdefault(part, []).append((batch.start_offsets.get(part, 0), end))
    found = []
    for part, spans in sorted(covered.items()):
        reached = max(min(spans)[0], earliest.get(part, 0))
        for start, end in sorted(spans):
            if start > reached:
                found.append((part, reached, start))
            reached = max(reached, end)
    return found


@dataclass
class Offsets:
    """What became of the messages that were read. `refused`: places in the dead-letter topic;
    `gaps`: what no batch of the streaming job covers."""

    expected: int = 0
    read: int = 0
    events: int = 0
    refused: set[TopicOffset] = field(default_factory=set)
    undecodable: dict[TopicOffset, str] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)

    def unaccounted(self) -> list[TopicOffset]:
        """Messages that nobody can read and that are in no dead letter."""
        return sorted(self.undecodable.keys() - self.refused)

    @property
    def complete(self) -> bool:
        return self.read == self.expected and not self.unaccounted()

    def as_json(self, limit: int = 20) -> dict[str, Any]:
        lost = self.unaccounted()
        return {
            "expected": self.expected,
            "read": self.read,
            "events": self.events,
            "dead_letters": len(self.refused),
            "undecodable": len(self.undecodable),
            "unaccounted": len(lost),
            "gaps": [list(gap) for gap in self.gaps[:limit]],
            "unaccounted_first": [
                {"partition": place[0], "offset": place[1], "reason": self.undecodable[place]}
                for place in lost[:limit]
            ],
        }
