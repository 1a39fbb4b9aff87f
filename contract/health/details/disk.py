"""Details of the disk that holds the artifacts; on one machine it holds every volume."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from contract.health.details.base import ProbeDetails

# The shares of free space below which somebody must act, and below which components fail. The rule
# DiskFilling has the first (docker/prometheus/rules/alerts.yml).
FILLING, FULL = 0.1, 0.01


@dataclass(frozen=True)
class DiskDetails(ProbeDetails):
    """Bytes. `used`: component → what its data takes, the largest first, as far as Prometheus knows
    it; it is read while little is free."""

    free: int
    size: int
    used: Mapping[str, int] = field(default_factory=dict)

    @property
    def free_share(self) -> float:
        return self.free / self.size if self.size else 1.0
