"""The numbers of events that became rows, deletes and dead letters."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WriteCounts:
    upserts: int = 0
    deletes: int = 0
    dead_letters: int = 0

    def __add__(self, other: WriteCounts) -> WriteCounts:
        return WriteCounts(
            self.upserts + other.upserts,
            self.deletes + other.deletes,
            self.dead_letters + other.dead_letters,
        )
