"""Republishes or erases rows that differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from control_center.jobs import job_protocol
from control_center.jobs.repair.plan import RepairPlan
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


def repair_mismatches(source: Source, mismatches: Sequence[str], counts: RepairCounts) -> None:
    """Republishes or erases the mismatches, and counts them."""
    source.republish(plan_and_erase(source, mismatches, counts))
    report_counts(counts)


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


def report_counts(counts: RepairCounts) -> None:
    """One line of progress."""
    job_protocol.progress(f"republished: {counts.republished:,}, erased: {counts.erased:,}")
