"""The epoch of capture: was everything compared since the last snapshot of PostgreSQL?"""

from __future__ import annotations

from control_center.clients.clients import Clients
from control_center.health.result import ProbeResult, ProbeState
from control_center.pipeline import verified

NAME = "capture"
COMPONENT = "connect"
FIRST = 1
"""The first epoch finds Cassandra empty: there is nothing to compare."""


def probe(clients: Clients) -> ProbeResult:
    current = verified.current(clients)
    return evaluate(current, verified.read(clients))


def evaluate(current: tuple[int, str, str] | None, verified_epoch: int) -> ProbeResult:
    """A snapshot brings every row that PostgreSQL holds, and does not show rows that are gone."""
    if current is None:
        summary = "nothing is captured yet: the connector manager begins with the first snapshot"
        return ProbeResult(NAME, ProbeState.WARN, summary, COMPONENT)
    epoch, reason, began_at = current
    evidence = {
        "epoch": epoch,
        "reason": reason,
        "began_at": began_at,
        "verified_epoch": verified_epoch,
    }
    if epoch > max(FIRST, verified_epoch):
        summary = (
            f"epoch {epoch} began {began_at}: {reason}. Every row was sent again; rows that were "
            "deleted before it may still be in Cassandra: make repair"
        )
        return ProbeResult(NAME, ProbeState.WARN, summary, COMPONENT, evidence)
    return ProbeResult(NAME, ProbeState.OK, f"epoch {epoch} since {began_at}", COMPONENT, evidence)
