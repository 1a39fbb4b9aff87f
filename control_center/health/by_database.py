"""The result of a probe that looks at each database: Riada's own first, then the worst of the
others, which it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from contract.health.details.base import ProbeDetails
from contract.health.result import ProbeResult
from contract.health.state import ProbeState

_ORDER = (ProbeState.OK, ProbeState.WARN, ProbeState.FAIL)


def with_others(
    own: ProbeResult, others: Mapping[str, ProbeResult], details: ProbeDetails
) -> ProbeResult:
    """`others`: name of another database → the result about it; `details`: about all."""
    worst = own
    for database, result in sorted(others.items()):
        if _ORDER.index(result.state) > _ORDER.index(worst.state):
            worst = replace(result, summary=f"{database}: {result.summary}")
    return replace(worst, details=details)
