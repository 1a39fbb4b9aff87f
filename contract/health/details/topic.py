"""Details of the topics of all tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.health.details.base import ProbeDetails
from contract.json_record import JsonRecord


@dataclass(frozen=True)
class TableTopic(JsonRecord):
    """`end_offsets`: partition → offset after the last message. `under_replicated` and
    `without_leader`: partitions. `dead_letters`: the number of messages ever sent to the
    dead-letter topic; `dead_letters_waiting`: the number of dead letters that can be replayed and
    were not."""

    end_offsets: Mapping[str, int]
    under_replicated: tuple[int, ...] = ()
    without_leader: tuple[int, ...] = ()
    dead_letters: int = 0
    dead_letters_waiting: int = 0

    @property
    def messages(self) -> int:
        """Messages that ever came to the topic."""
        return sum(self.end_offsets.values())


@dataclass(frozen=True)
class TopicDetails(ProbeDetails):
    """Name of a table → its topic. A table whose topic does not exist is left out."""

    tables: Mapping[str, TableTopic]

    @property
    def messages(self) -> int:
        """Messages that ever came to the topics of all tables."""
        return sum(table.messages for table in self.tables.values())
