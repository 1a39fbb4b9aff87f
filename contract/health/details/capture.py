"""Details of the capture of changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.health.details.base import ProbeDetails


@dataclass(frozen=True)
class CaptureDetails(ProbeDetails):
    """The epoch of capture, why and when (ISO 8601) it began. `verified`: name of a table → the
    epoch in which a comparison last found all its stores equal, or in which it was first captured.
    `captured`: tables whose existing rows were requested."""

    epoch: int
    reason: str
    began_at: str
    verified: Mapping[str, int]
    captured: tuple[str, ...] = ()
