"""POST /api/repair: make Cassandra hold the same rows of a table as PostgreSQL again."""

from __future__ import annotations

from dataclasses import dataclass

from contract.jobs.compare import CompareResult
from contract.json_record import JsonRecord


@dataclass(frozen=True)
class RepairRequest(JsonRecord):
    """`table`: its name."""

    table: str


@dataclass(frozen=True)
class RepairResult(CompareResult):
    """The comparison after the repair, and three numbers of rows. `republished`: capture was asked
    to send them again. `erased`: PostgreSQL does not hold them, so a delete event was published.
    `outside_domain`: they were not sent again, because a value in PostgreSQL must be corrected
    first."""

    republished: int = 0
    erased: int = 0
    outside_domain: int = 0
