"""The epoch of capture: has a comparison found all stores equal since the last snapshot?"""

from __future__ import annotations

from contract.health.details.capture import CaptureDetails
from contract.health.result import ProbeResult
from control_center.clients.clients import Clients
from control_center.health.outcome import Outcome
from control_center.pipeline import verified

OUTCOME = Outcome("capture", "connect")
FIRST = 1  # Cassandra is empty before the first epoch, so a comparison is not needed


def probe(clients: Clients) -> ProbeResult:
    current = verified.current(clients)
    if current is None:
        return evaluate(None)
    return evaluate(CaptureDetails(*current, verified_epoch=verified.read(clients)))


def evaluate(capture: CaptureDetails | None) -> ProbeResult:
    """`capture`: None before the first epoch. A snapshot sends every row that PostgreSQL holds; it
    cannot send deletes, so rows that were deleted before it stay in Cassandra."""
    if capture is None:
        return OUTCOME.warn(
            "nothing is captured yet: the connector manager begins with the first snapshot"
        )
    if capture.epoch > max(FIRST, capture.verified_epoch):
        return OUTCOME.warn(
            f"epoch {capture.epoch} began {capture.began_at}: {capture.reason}. Every row was sent "
            "again; rows that were deleted before it may still be in Cassandra: make repair",
            capture,
        )
    return OUTCOME.ok(f"epoch {capture.epoch} since {capture.began_at}", capture)
