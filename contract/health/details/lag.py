"""Details of the delivery from the topics to Cassandra."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.health.details.base import ProbeDetails
from contract.json_record import JsonRecord


@dataclass(frozen=True)
class TableLag(JsonRecord):
    """`waiting`: partition → messages on the topic that no batch covers. `oldest_waiting_s`: age of
    the oldest of them, None if none waits. `newest_batch_s`: age of the newest batch, None before
    the first. `behind_ms`: commit → readable of the newest row, None while messages wait."""

    waiting: Mapping[str, int]
    oldest_waiting_s: float | None = None
    newest_batch_s: float | None = None
    behind_ms: int | None = None

    @property
    def count(self) -> int:
        """The number of waiting messages."""
        return sum(self.waiting.values())


@dataclass(frozen=True)
class LagDetails(ProbeDetails):
    """Name of a table → its lag."""

    tables: Mapping[str, TableLag]

    @property
    def waiting(self) -> int:
        """Messages of all tables that no batch covers."""
        return sum(table.count for table in self.tables.values())
