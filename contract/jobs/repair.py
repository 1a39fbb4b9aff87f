"""POST /api/repair: make Cassandra hold again what PostgreSQL holds."""

from __future__ import annotations

from dataclasses import dataclass

from contract.jobs.compare import CompareResult
from contract.json_record import JsonRecord


@dataclass(frozen=True)
class RepairRequest(JsonRecord):
    """No arguments."""


@dataclass(frozen=True)
class RepairResult(CompareResult):
    """The comparison after the repair, and three numbers of people. `republished`: PostgreSQL has
    written their row again. `erased`: PostgreSQL does not hold them, so a delete event was
    published. `outside_domain`: not republished, as a value in PostgreSQL has to be corrected
    first."""

    republished: int = 0
    erased: int = 0
    outside_domain: int = 0
