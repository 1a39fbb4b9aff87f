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
from contract.jobs.spark_comparison import ComparisonRequest
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.jobs import job_protocol
from control_center.jobs.compare.in_spark.run import (
    compare_in_spark,
    large_request,
    request_for,
)
from control_center.jobs.compare.outcome import Outcome
from control_center.jobs.compare.platform_reader import PlatformReader
from control_center.jobs.compare.reconcile import Comparison, reconcile, retry_until_converged
from control_center.jobs.compare.run import verified_result
from control_center.jobs.repair.delivery import await_delivery
from control_center.jobs.repair.plan import RepairPlan
from control_center.jobs.repair.scan import await_scan
from control_center.jobs.repair.source import PlatformSource
from control_center.pipeline.chunks import chunks

AT_ONCE = 5000  # rows
# Of the rows to republish, so many keys are kept: capture sends all rows of the table for a tenth
# of them (control_center/pipeline/resend.py).
MOST_KEYS = 100_000


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
    source.republish(plan_and_erase(source, mismatches, counts))
    _tell(counts)


def plan_and_erase(source: Source, mismatches: Sequence[str], counts: RepairCounts) -> list[str]:
    """Erases the mismatches that PostgreSQL does not hold, and counts all of them. Returns those
    to republish."""
    republish: list[str] = []
    for keys in chunks(mismatches, AT_ONCE):
        plan = source.plan(keys)
        republish += plan.republish
        counts.republished += len(plan.republish)
        counts.outside_domain += len(plan.outside_domain)
        counts.erased += source.erase(plan.erase)
    return republish


def _repaired(clients: Clients, table: Table, counts: RepairCounts) -> Outcome:
    await_scan(clients, table)
    reader = PlatformReader(clients, table)
    if request := large_request(clients, reader):
        return _repaired_in_spark(clients, reader, request, counts)
    comparison = reconcile(reader)
    source = PlatformSource(clients, table, comparison.topic.newest.get)
    repair_mismatches(source, sorted(comparison.mismatches), counts)
    retry_until_converged(reader, comparison)
    return comparison.outcome()


def _repaired_in_spark(
    clients: Clients, reader: PlatformReader, request: ComparisonRequest, counts: RepairCounts
) -> Outcome:
    """Compares once more after the repair, as it does not remember the keys."""
    table, republish = reader.table, list[str]()

    def repair_part(part: Comparison) -> None:
        source = PlatformSource(clients, table, part.topic.newest.get)
        keys = plan_and_erase(source, sorted(part.mismatches), counts)
        republish.extend(keys[: MOST_KEYS - len(republish)])

    outcome = compare_in_spark(clients, reader, request, repair_part)
    if not counts.republished and not counts.erased:
        return outcome
    PlatformSource(clients, table, lambda _: None).republish(republish)
    _tell(counts)
    await_scan(clients, table)
    await_delivery(reader)
    again = request_for(reader, table.name, request.rows)
    return compare_in_spark(clients, reader, again)


def _tell(counts: RepairCounts) -> None:
    job_protocol.progress(f"republished: {counts.republished:,}, erased: {counts.erased:,}")
