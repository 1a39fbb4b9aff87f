"""The repair: capture sends the differing rows again, and the pipeline delivers them.

Every row and every delete goes through the topic, so every consumer of the topic sees the same as
Cassandra. A second repair changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields

from contract.jobs.compare import CompareResult
from contract.jobs.repair import RepairRequest, RepairResult
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.jobs.compare.in_spark.run import by_size, compare_in_spark, request_for
from control_center.jobs.compare.newest_events import NewestEvent
from control_center.jobs.compare.outcome import Outcome
from control_center.jobs.compare.platform_reader import PlatformReader
from control_center.jobs.compare.reconcile import Comparison, reconcile, retry_until_converged
from control_center.jobs.compare.run import verified_result
from control_center.jobs.repair.delivery import await_delivery
from control_center.jobs.repair.large import repair_large
from control_center.jobs.repair.mismatches import RepairCounts, repair_mismatches
from control_center.jobs.repair.scan import await_scan
from control_center.jobs.repair.source import PlatformSource


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


def _repaired(clients: Clients, table: Table, counts: RepairCounts) -> Outcome:
    await_scan(clients, table)
    reader = PlatformReader(clients, table)
    return by_size(
        clients,
        reader,
        small=lambda: _repaired_small(clients, reader, counts),
        large=lambda request: repair_large(_LargeTable(clients, reader, request.rows), counts),
    )


def _repaired_small(clients: Clients, reader: PlatformReader, counts: RepairCounts) -> Outcome:
    comparison = reconcile(reader)
    source = PlatformSource(clients, reader.table, comparison.topic.newest.get)
    repair_mismatches(source, sorted(comparison.mismatches), counts)
    retry_until_converged(reader, comparison)
    return comparison.outcome()


@dataclass(frozen=True)
class _LargeTable:
    """Implements `large.LargeTable`. `rows`: an estimate."""

    clients: Clients
    reader: PlatformReader
    rows: int

    def compare(self, on_differing: Callable[[Comparison], None]) -> Outcome:
        request = request_for(self.reader, self.reader.table.name, self.rows)
        return compare_in_spark(self.clients, self.reader, request, on_differing)

    def source(self, part: Comparison | None) -> PlatformSource:
        newest = part.topic.newest.get if part else _no_event
        return PlatformSource(self.clients, self.reader.table, newest)

    def await_rows(self) -> None:
        await_scan(self.clients, self.reader.table)
        await_delivery(self.reader)


def _no_event(_: str) -> NewestEvent | None:
    return None
