"""Invariant 2: every offset is a row in Cassandra or stands in the dead-letter topic."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Place = tuple[int, int]  # partition, offset


@dataclass
class Offsets:
    """What became of the messages that were read. `refused`: places in the dead-letter topic."""

    expected: int = 0
    read: int = 0
    events: int = 0
    refused: set[Place] = field(default_factory=set)
    undecodable: dict[Place, str] = field(default_factory=dict)

    def unaccounted(self) -> list[Place]:
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
            "unaccounted_first": [
                {"partition": place[0], "offset": place[1], "reason": self.undecodable[place]}
                for place in lost[:limit]
            ],
        }
