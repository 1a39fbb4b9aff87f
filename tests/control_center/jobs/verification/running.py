"""Runs the verification of a table in memory."""

from __future__ import annotations

import json

from contract.health.details.verification import DifferenceKind, TableVerification
from control_center.jobs.verification.position import Position
from control_center.jobs.verification.verifier import TableVerifier
from tests.control_center.jobs.verification.in_memory_stores import Clock, InMemoryStores


def twelve_rows(clock: Clock) -> InMemoryStores:
    """Stores with rows that have arrived."""
    stores = InMemoryStores(clock)
    for number in range(12):
        stores.change(f"k{number}", "Oslo")
    stores.deliver()
    return stores


def run(verifier: TableVerifier, clock: Clock, seconds: float = 120.0) -> TableVerification:
    until = clock.now + seconds
    while clock.now < until:
        clock.sleep(0.1 if verifier.step() else 1.0)
    return reported(verifier)


def reported(verifier: TableVerifier) -> TableVerification:
    report = verifier.report()
    assert report is not None
    return report


def kinds(report: TableVerification) -> dict[str, tuple[DifferenceKind, tuple[str, ...]]]:
    return {known.key: (known.kind, known.fields) for known in report.first}


def reported_passed(verifier: TableVerifier) -> float:
    report = verifier.report()
    return report.passed if report else 0.0


def restarted(verifier: TableVerifier, stores: InMemoryStores, clock: Clock) -> TableVerifier:
    """With what a file holds."""
    assert verifier.claims is not None
    stored = json.loads(json.dumps(verifier.claims.position.to_json()))
    again = TableVerifier(stores, clock, Position.from_json(stored))
    again.step()
    return again
