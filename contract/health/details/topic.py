"""Details of the topic of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.health.details.base import ProbeDetails


@dataclass(frozen=True)
class TopicDetails(ProbeDetails):
    """`end_offsets`: partition → offset after the last message. `under_replicated` and
    `without_leader`: partitions. `dead_letters`: the number of messages ever sent to the
    dead-letter topic; `dead_letters_waiting`: the number of dead letters that can be replayed and
    were not."""

    partitions: int
    end_offsets: Mapping[str, int]
    under_replicated: tuple[int, ...]
    without_leader: tuple[int, ...]
    dead_letters: int
    dead_letters_waiting: int

    @property
    def messages(self) -> int:
        """Messages that ever came to the topic."""
        return sum(self.end_offsets.values())
