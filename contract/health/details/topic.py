"""Details of the topics of all tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from contract.health.details.base import ProbeDetails
from contract.json_record import JsonRecord


@dataclass(frozen=True)
class TableTopic(JsonRecord):
    """`end_offsets`: partition → offset after the last message. `under_replicated` and
    `without_leader`: partitions. `dead_letters`: the number of messages ever sent to the
    dead-letter topic; `dead_letters_waiting`: the number of dead letters that can be replayed and
    were not. `kept`: partition → messages that retention has left. `limit_bytes`: of a partition,
    and `limit_s`: the age in seconds, above which Kafka deletes messages, also unread ones; None
    without a limit. `topic`: its name."""

    end_offsets: Mapping[str, int]
    under_replicated: tuple[int, ...] = ()
    without_leader: tuple[int, ...] = ()
    dead_letters: int = 0
    dead_letters_waiting: int = 0
    kept: Mapping[str, int] = field(default_factory=dict)
    limit_bytes: int | None = None
    limit_s: float | None = None
    topic: str = ""

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
