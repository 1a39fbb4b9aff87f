"""The repair: capture sends the differing rows again, and the pipeline delivers them.

Every row and every delete goes through the topic, so every consumer of the topic sees the same as
Cassandra. A second repair changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Protocol

from contract.jobs.compare import CompareResult
from contract.jobs.repair import RepairRequest, RepairResult
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.jobs import job_protocol
from control_center.jobs.compare.platform_reader import PlatformReader
from control_center.jobs.compare.reconcile import Comparison, reconcile, retry_until_converged
from control_center.jobs.compare.run import verified_result
from control_center.jobs.repair.plan import RepairPlan
from control_center.jobs.repair.scan import await_scan
from control_center.jobs.repair.source import PlatformSource
from control_center.pipeline.chunks import chunks

AT_ONCE = 5000  # rows


class Source(Protocol):
    """The calls by which a repair acts on the platform."""

    def plan(self, keys: Sequence[str]) -> RepairPlan: ...

    def republish(self, keys: Sequence[str]) -> None:
        """Asks capture to send these rows again."""
        ...

    def erase(self, keys: Sequence[str]) -> int:
        """Publishes delete events for these keys; returns for how many."""
        ...


@dataclass
class RepairCounts:
    """Numbers of rows, as in RepairResult."""

    republished: int = 0
    erased: int = 0
    outside_domain: int = 0


def repair(request: RepairRequest) -> RepairResult:
    """Raises UnreachableError, NotFoundError for a table that is not deployed."""
    clients, counts = Clients(), RepairCounts()
    table = clients.table(request.table)
    result = verified_result(clients, table, lambda: _repaired(clients, table, counts))
    return to_result(result, counts)


def to_result(comparison: CompareResult, counts: RepairCounts) -> RepairResult:
    """The comparison after the repair, with the numbers of the repair."""
    compared = {field.name: getattr(comparison, field.name) for field in fields(comparison)}
    return RepairResult(**compared, **asdict(counts))


def repair_mismatches(source: Source, mismatches: Sequence[str], counts: RepairCounts) -> None:
    """Republishes or erases the mismatches, and counts them."""
    republish: list[str] = []
    for keys in chunks(mismatches, AT_ONCE):
        plan = source.plan(keys)
        republish += plan.republish
        counts.republished += len(plan.republish)
        counts.outside_domain += len(plan.outside_domain)
        counts.erased += source.erase(plan.erase)
    source.republish(republish)
    job_protocol.progress(f"republished: {counts.republished:,}, erased: {counts.erased:,}")


def _repaired(clients: Clients, table: Table, counts: RepairCounts) -> Comparison:
    await_scan(clients, table)
    reader = PlatformReader(clients, table)
    comparison = reconcile(reader)
    source = PlatformSource(clients, table, comparison.topic.newest.get)
    repair_mismatches(source, sorted(comparison.mismatches), counts)
    retry_until_converged(reader, comparison)
    return comparison
