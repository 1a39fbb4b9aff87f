"""The version of a row: PostgreSQL's order of commits, and Cassandra's write timestamp.

Invariant 3. A version is 63 bits: an epoch, then a position within it. An epoch is one unbroken
capture of one history of PostgreSQL. It begins with a snapshot, whose rows have position 0; each
later change has a larger position, near its LSN; rows that are requested later have the position of
their request. docker/connect/task stamps events with it; docs/decisions/0006-write-timestamp.md has
the reasons.
"""

from __future__ import annotations

from dataclasses import dataclass

POSITION_BITS = 52
LAST_EPOCH = 2 ** (63 - POSITION_BITS) - 1


@dataclass(frozen=True, order=True)
class Version:
    """`epoch` is 0 for events that are older than epochs: their position is the bare LSN."""

    epoch: int
    position: int

    @classmethod
    def of(cls, number: int) -> Version:
        """The version in a write timestamp or in an event's __version."""
        return cls(number >> POSITION_BITS, number & (2**POSITION_BITS - 1))

    def __int__(self) -> int:
        return self.epoch << POSITION_BITS | self.position
