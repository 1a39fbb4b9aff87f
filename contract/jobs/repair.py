"""POST /api/repair: make Cassandra hold the same rows as PostgreSQL again."""

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
    published. `outside_domain`: their rows were not republished, because a value in PostgreSQL must
    be corrected first."""

    republished: int = 0
    erased: int = 0
    outside_domain: int = 0
