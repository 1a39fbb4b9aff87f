"""Details of ingest."""

from __future__ import annotations

from dataclasses import dataclass

from contract.health.details.base import ProbeDetails


@dataclass(frozen=True)
class IngestDetails(ProbeDetails):
    """People stored and rejected since PostgreSQL counts, and among the newest ones;
    `newest_reason`: why the newest reject was rejected, None if there is none."""

    stored: int
    rejects: int
    newest_stored: int
    newest_rejected: int
    newest_reason: str | None
