"""Details of ingest."""

from __future__ import annotations

from dataclasses import dataclass

from contract.health.details.base import ProbeDetails


@dataclass(frozen=True)
class IngestDetails(ProbeDetails):
    """People stored and rejected since PostgreSQL's statistics began, and among the newest people;
    `newest_reason`: the reason of the newest reject, None if there is none."""

    stored: int
    rejects: int
    newest_stored: int
    newest_rejected: int
    newest_reason: str | None
