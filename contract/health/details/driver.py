"""Details of the streaming driver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from contract.health.details.base import ProbeDetails
from contract.json_record import JsonRecord


@dataclass(frozen=True)
class TableQuery(JsonRecord):
    """The streaming query of a table as the driver reports it; "" if it does not report it yet.
    `unverified`: it began at the topic's beginning, and no comparison was equal since."""

    state: str
    since: str = ""
    cause: str | None = None
    unverified: bool = False


@dataclass(frozen=True)
class DriverDetails(ProbeDetails):
    """`release`: the deployed release; `job`: the hash of its streaming job. `applications`: names
    of running streaming applications; `waiting`: names of those without cores and memory.
    `drivers`: id → state. `reported`: the status that the driver writes (contract/stream), empty if
    there is none. `tables`: name of a table → its query."""

    release: str | None
    job: str
    applications: tuple[str, ...]
    waiting: tuple[str, ...]
    drivers: Mapping[str, str]
    reported: Mapping[str, object]
    tables: Mapping[str, TableQuery] = field(default_factory=dict)
