"""Details of Prometheus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.health.details.base import ProbeDetails


@dataclass(frozen=True)
class PrometheusDetails(ProbeDetails):
    """`targets`: name of a target → did it give metrics at the last scrape?"""

    targets: Mapping[str, bool]
