"""Details of the other PostgreSQL servers that have tables of the release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from contract.health.details.base import ProbeDetails
from contract.health.details.postgres import PostgresTable
from contract.json_record import JsonRecord


@dataclass(frozen=True)
class DatabaseStatus(JsonRecord):
    """`version`: of the server, "" while it does not answer. `cause`: why none of its tables can be
    captured, "" if they can; `warning`: what should be known nevertheless. `tables`: by name."""

    version: str = ""
    cause: str = ""
    warning: str = ""
    tables: Mapping[str, PostgresTable] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        """Can all its tables be captured?"""
        tables = self.tables.values()
        return bool(self.version) and not (
            self.cause or any(table.cause or table.missing for table in tables)
        )


@dataclass(frozen=True)
class DatabasesDetails(ProbeDetails):
    """Name of each database → its state."""

    databases: Mapping[str, DatabaseStatus]
