"""Details of the source of people."""

from __future__ import annotations

from dataclasses import dataclass

from contract.health.details.base import ProbeDetails


@dataclass(frozen=True)
class RandomuserDetails(ProbeDetails):
    """`url`: the API that ingest_users reads."""

    url: str
