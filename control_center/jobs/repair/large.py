"""The repair of a large table: in parts, while the comparison finds the rows that differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from control_center.jobs.compare.outcome import Outcome
from control_center.jobs.compare.reconcile import Comparison
from control_center.jobs.repair.mismatches import (
    RepairCounts,
    Source,
    plan_and_erase,
    report_counts,
)

# Of the rows to republish, so many keys are kept: capture sends all rows of the table for a tenth
# of them (control_center/pipeline/resend.py).
MOST_KEYS = 100_000


class LargeTable(Protocol):
    """Every method raises UnreachableError."""

    def compare(self, on_differing: Callable[[Comparison], None]) -> Outcome:
        """`on_differing` gets each part with rows that differ."""
        ...

    def source(self, part: Comparison | None) -> Source:
        """The source that knows the newest events of this part."""
        ...

    def await_rows(self) -> None:
        """Returns when the rows that were sent have come to Cassandra, or do not come."""
        ...


def repair_large(table: LargeTable, counts: RepairCounts) -> Outcome:
    """The outcome after the repair: of another comparison, since memory does not hold the keys."""
    republish: list[str] = []

    def repair_part(part: Comparison) -> None:
        keys = plan_and_erase(table.source(part), sorted(part.mismatches), counts)
        republish.extend(keys[: MOST_KEYS - len(republish)])

    outcome = table.compare(repair_part)
    if not counts.republished and not counts.erased:
        return outcome
    table.source(None).republish(republish)
    report_counts(counts)
    table.await_rows()
    return table.compare(lambda _: None)
