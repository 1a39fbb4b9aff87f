"""Ranges of offsets: a batch, or a part of one, as messages on the topic."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise

from contract.kafka.offsets import TopicOffset


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
    def first(self) -> TopicOffset:
        return TopicOffset(self.partition, self.start)

    def split(self, parts: int) -> list[Range]:
        """At most `parts` ranges of about the same size, none of them empty."""
        count = min(parts, len(self))
        bounds = [self.start + len(self) * part // count for part in range(count + 1)]
        return [Range(self.partition, start, end) for start, end in pairwise(bounds)]

    def without(self, messages: Collection[TopicOffset]) -> list[Range]:
        """The ranges between the given messages, which are left out."""
        ranges, start = [], self.start
        for partition, offset in sorted(messages):
            if partition == self.partition and start <= offset < self.end:
                ranges.append(Range(partition, start, offset))
                start = offset + 1
        ranges.append(Range(self.partition, start, self.end))
        return [part for part in ranges if len(part)]


def ranges_between(begin: Mapping[int, int], end: Mapping[int, int]) -> list[Range]:
    """The ranges of a batch that begins and ends at these offsets (partition → offset)."""
    ranges = [Range(partition, begin.get(partition, 0), stop) for partition, stop in end.items()]
    return [part for part in ranges if len(part)]
