"""Details of the capture of changes."""

from __future__ import annotations

from dataclasses import dataclass

from contract.health.details.base import ProbeDetails


@dataclass(frozen=True)
class CaptureDetails(ProbeDetails):
    """The epoch of capture, why and when (ISO 8601) it began, and the epoch in which a comparison
    last found all stores equal (0: none yet)."""

    epoch: int
    reason: str
    began_at: str
    verified_epoch: int
