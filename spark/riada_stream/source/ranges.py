"""Ranges of offsets: what a batch, or a part of one, consists of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise

Place = tuple[int, int]
"""Partition and offset."""


@dataclass(frozen=True)
class Range:
    """Messages of one partition from `start` to `end` (exclusive)."""

    partition: int
    start: int
    end: int

    def __str__(self) -> str:
        return f"partition {self.partition}, offsets {self.start} to {self.end - 1}"

    def __len__(self) -> int:
        return self.end - self.start

    @property
    def first(self) -> Place:
        return self.partition, self.start

    def split(self, parts: int) -> list[Range]:
        """As many ranges as there are messages, but no more than `parts`, of about one size."""
        count = min(parts, len(self))
        bounds = [self.start + len(self) * part // count for part in range(count + 1)]
        return [Range(self.partition, start, end) for start, end in pairwise(bounds)]

    def without(self, places: Collection[Place]) -> list[Range]:
        """What is left of it beside these messages."""
        left, start = [], self.start
        for partition, offset in sorted(places):
            if partition == self.partition and start <= offset < self.end:
                left.append(Range(partition, start, offset))
                start = offset + 1
        left.append(Range(self.partition, start, self.end))
        return [messages for messages in left if len(messages)]


def between(begin: Mapping[str, int], end: Mapping[str, int]) -> list[Range]:
    """The ranges of a batch, from where it begins and ends (partition → offset each)."""
    found = [
        Range(int(partition), begin.get(partition, 0), stop) for partition, stop in end.items()
    ]
    return [messages for messages in found if len(messages) > 0]
