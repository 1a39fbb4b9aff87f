"""The place of a message on a topic."""

from __future__ import annotations

from typing import NamedTuple


class TopicOffset(NamedTuple):
    """Partition and offset of one message, written `0:12`."""

    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.partition}:{self.offset}"
