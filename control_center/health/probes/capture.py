"""The epoch of capture: is every table captured, and has a comparison found all stores equal since
the last snapshot?"""

from __future__ import annotations

from contextlib import suppress

from contract.health.details.capture import CaptureDetails
from contract.health.result import ProbeResult
from contract.kafka.capture import Capture
from contract.kafka.topics import CAPTURE
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.health.by_table import other_tables
from control_center.health.outcome import Outcome
from control_center.pipeline import messages, verified

OUTCOME = Outcome("capture", "connect")
FIRST = 1  # Cassandra is empty before the first epoch, so a comparison is not needed


def probe(clients: Clients) -> ProbeResult:
    current = verified.current(clients)
    if current is None:
        return evaluate(None)
    tables = clients.tables()
    captured = record(clients)
    return evaluate(
        CaptureDetails(
            *current,
            verified={
                name: verified_epoch(clients, table, current) for name, table in tables.items()
            },
            captured=tuple(sorted(captured.tables if captured else ())),
        )
    )


def record(clients: Clients) -> Capture | None:
    """The connector manager's newest record; None before the first."""
    ends = clients.kafka.offsets(CAPTURE.name)
    last = {part: end - 1 for part, end in ends.items() if end}
    stops = {part: offset + 1 for part, offset in last.items()}
    for message in messages.read(clients, last, stops, CAPTURE.name):
        with suppress(ValueError, KeyError, TypeError):
            return Capture.from_json(message.value() or b"")
    return None


def verified_epoch(clients: Clients, table: Table, current: verified.CaptureEpoch) -> int:
    """The epoch in which the table's stores were last equal. Cassandra is empty before a table is
    first captured, so a table that is new here counts as verified."""
    epoch = verified.read(clients, table)
    if not epoch:
        verified.write(clients, table, current.epoch)
        return current.epoch
    return epoch


def evaluate(capture: CaptureDetails | None) -> ProbeResult:
    """`capture`: None before the first epoch. A snapshot sends every row that PostgreSQL holds; it
    cannot send deletes, so rows that were deleted before it stay in Cassandra."""
    if capture is None:
        return OUTCOME.warn(
            "nothing is captured yet: the connector manager begins with the first snapshot"
        )
    requested = [name for name in capture.verified if name not in capture.captured]
    if requested:
        fine = len(capture.verified) - len(requested)
        others = f"; {other_tables(fine, 'are captured')}" if fine else ""
        return OUTCOME.warn(
            f"{', '.join(requested)}: the rows that PostgreSQL holds are not requested yet; the "
            f"connector manager does so: make logs S=connect{others}",
            capture,
        )
    behind = sorted(
        name
        for name, verified_epoch in capture.verified.items()
        if capture.epoch > max(FIRST, verified_epoch)
    )
    if behind:
        fine = len(capture.verified) - len(behind)
        others = f"; {other_tables(fine, 'are equal')}" if fine else ""
        return OUTCOME.warn(
            f"epoch {capture.epoch} began {capture.began_at}: {capture.reason}. Every row was sent "
            f"again; rows of {', '.join(behind)} that were deleted before it may still be in "
            f"Cassandra: make repair{others}",
            capture,
        )
    summary = f"epoch {capture.epoch} since {capture.began_at}"
    return OUTCOME.ok(summary, capture)
