"""The report of a verification, made from its position."""

from __future__ import annotations

from collections import Counter

from contract.health.details.verification import TableVerification
from control_center.jobs.verification.position import Position

LISTED = 20  # differences


def report(at: Position, now: float, busy_s: float, error: str) -> TableVerification:
    """`now`: epoch seconds; the others as in TableVerification."""
    is_complete = at.covered and at.rows_since is not None and at.deletes_through is not None
    kinds = Counter(known.kind.value for known in at.differences)
    return TableVerification(
        at=now,
        began_at=at.began_at,
        through=at.through,
        oldest_check=min(at.rows_since or 0.0, at.deletes_through or 0.0) if is_complete else None,
        passed=1.0 if not at.end_block else at.next_block / at.end_block,
        pass_s=at.pass_s,
        rows_checked=at.rows_checked,
        in_flight=len(at.suspects),
        differences=len(at.differences) + at.uncounted,
        by_kind=dict(sorted(kinds.items())),
        first=tuple(sorted(at.differences, key=lambda known: known.since)[:LISTED]),
        resent=at.resent,
        busy_s=round(busy_s, 3),
        error=error,
    )
