"""Details of the streaming driver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.health.details.base import ProbeDetails


@dataclass(frozen=True)
class DriverDetails(ProbeDetails):
    """`release`: the deployed release. `applications`: names of running streaming applications;
    `waiting`: names of those without cores and memory. `drivers`: id → state. `reported`: the
    status that the driver writes (contract/stream), empty if there is none."""

    release: str | None
    applications: tuple[str, ...]
    waiting: tuple[str, ...]
    drivers: Mapping[str, str]
    reported: Mapping[str, object]
