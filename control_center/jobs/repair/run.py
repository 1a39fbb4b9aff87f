"""The repair: PostgreSQL writes the differing rows again, and the pipeline delivers them.

Every write goes through PostgreSQL's log, so the order stays the commit order (invariant 3), and
every consumer of the topic sees the same as Cassandra. A second repair changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Protocol

from contract.jobs.compare import CompareResult
from contract.jobs.repair import RepairRequest, RepairResult
from contract.stores.postgres.roles import Role
from control_center.clients.clients import Clients
from control_center.jobs import job_protocol
from control_center.jobs.compare.platform_reader import PlatformReader
from control_center.jobs.compare.reconcile import Comparison, reconcile, retry_until_converged
from control_center.jobs.compare.run import verified_result
from control_center.jobs.repair.plan import RepairPlan
from control_center.jobs.repair.source import PostgresSource

TRANSACTION = 500  # people


class Source(Protocol):
    """The calls by which a repair writes to PostgreSQL."""

    def republish(self, keys: Sequence[str]) -> RepairPlan:
        """Writes again the rows that can be republished; returns the plan for all the keys."""
        ...

    def erase(self, keys: Sequence[str]) -> int:
        """Publishes delete events for these keys; returns for how many."""
        ...


@dataclass
class RepairCounts:
    """Numbers of people, as in RepairResult."""

    republished: int = 0
    erased: int = 0
    outside_domain: int = 0


def repair(_: RepairRequest) -> RepairResult:
    """Raises UnreachableError."""
    clients, counts = Clients(), RepairCounts()
    result = verified_result(clients, lambda: _repaired(clients, counts))
    return to_result(result, counts)


def to_result(comparison: CompareResult, counts: RepairCounts) -> RepairResult:
    """The comparison after the repair, with the numbers of the repair."""
    compared = {field.name: getattr(comparison, field.name) for field in fields(comparison)}
    return RepairResult(**compared, **asdict(counts))


def repair_mismatches(source: Source, mismatches: Sequence[str], counts: RepairCounts) -> None:
    """Republishes or erases the mismatches, TRANSACTION people at a time, and counts them."""
    for keys in _slices(mismatches):
        plan = source.republish(keys)
        counts.republished += len(plan.republish)
        counts.outside_domain += len(plan.outside_domain)
        counts.erased += source.erase(plan.erase)
        job_protocol.progress(f"republished: {counts.republished:,}, erased: {counts.erased:,}")


def _repaired(clients: Clients, counts: RepairCounts) -> Comparison:
    reader = PlatformReader(clients)
    comparison = reconcile(reader)
    with clients.postgres(Role.INGEST, statement_timeout_s=60) as connection:
        repair_mismatches(PostgresSource(connection), sorted(comparison.mismatches), counts)
    retry_until_converged(reader, comparison)
    return comparison


def _slices(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(keys), TRANSACTION):
        yield keys[first : first + TRANSACTION]
