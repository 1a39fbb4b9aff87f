"""Details of ingest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.health.details.base import ProbeDetails
from contract.json_record import JsonRecord


@dataclass(frozen=True)
class TableIngest(JsonRecord):
    """Rows of a source: `stored` since PostgreSQL's statistics began, `rejects` since the Control
    Center started, and both among the newest rows. `newest_reason`: the reason of the newest
    reject, None if there is none."""

    stored: int
    rejects: int
    newest_stored: int = 0
    newest_rejected: int = 0
    newest_reason: str | None = None


@dataclass(frozen=True)
class IngestDetails(ProbeDetails):
    """Name of each table with a source → its rows."""

    tables: Mapping[str, TableIngest]
