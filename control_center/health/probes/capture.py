"""Capture: are the rows that PostgreSQL held before read, and has a comparison found all stores
equal since the epoch began?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from contract.errors import UnreachableError
from contract.health.details.capture import CaptureDetails, TableCapture
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from contract.kafka.capture import Capture, key
from contract.kafka.topics import CAPTURE
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.health.by_table import Finding, ok, other_tables, summarize, warn
from control_center.health.outcome import Outcome
from control_center.pipeline import messages, verified

OUTCOME = Outcome("capture", "connect")
SLOW_S = 300.0
RECORDS = 60  # of all databases; each has one every 10 s
TABLES = """
SELECT name, coalesce(added_epoch, 0), coalesce(captured_epoch, 0),
       extract(epoch FROM now() - requested_at)::float8, arrived_at IS NOT NULL, scan_failure,
       uncaptured_until
FROM riada.scans
"""


def probe(clients: Clients) -> ProbeResult:
    deployed = clients.deployed()
    own = details_of_database(clients, "", deployed.tables)
    if own is None:
        return evaluate(None)
    others = {}
    if deployed.databases:
        with ThreadPoolExecutor(len(deployed.databases)) as pool:
            answers = pool.map(
                lambda name: _other(clients, name, deployed.tables), deployed.databases
            )
            others = dict(zip(deployed.databases, answers, strict=True))
    known = {name: details for name, details in others.items() if details}
    return evaluate(replace(own, databases=known))


def _other(clients: Clients, database: str, release: Mapping[str, Table]) -> CaptureDetails | None:
    """None while the server does not answer, which the probe of databases reports."""
    try:
        return details_of_database(clients, database, release)
    except UnreachableError:
        return None


def details_of_database(
    clients: Clients, database: str, every: Mapping[str, Table]
) -> CaptureDetails | None:
    """None before the first epoch. `every`: the tables of the release. Raises UnreachableError."""
    current = verified.current(clients, database)
    if current is None:
        return None
    release = {name: table for name, table in every.items() if table.database == database}
    with clients.postgres(database) as connection, connection.cursor() as cursor:
        cursor.execute(TABLES)
        states = cursor.fetchall()
    rows, until = [row[:-1] for row in states], {row[0]: row[-1] for row in states}
    epochs = {name: verified.read(clients, table) for name, table in release.items()}
    unread = any(not read for name, _, _, _, read, _ in rows if name in epochs)
    failed = failures(newest_record(clients, database)) if unread else {}
    tables = captures(rows, epochs, current.epoch, failed)
    for name, table in release.items():
        is_behind = is_uncaptured(until.get(name), verified.at(clients, table))
        tables[name] = replace(tables[name], uncaptured=is_behind)
    return CaptureDetails(*current, tables=tables)


def is_uncaptured(until: datetime | None, verified_at: datetime | None) -> bool:
    """`until`: the end of a time in which a table's changes were not captured."""
    return until is not None and (verified_at is None or verified_at < until)


def newest_record(clients: Clients, database: str = "") -> Capture | None:
    """The connector manager's newest record of a database; None before the first, or if Kafka does
    not answer, which another probe reports."""
    newest = None
    with suppress(UnreachableError, ValueError, KeyError, TypeError):
        ends = clients.kafka.offsets(CAPTURE.name)
        first = clients.kafka.earliest(CAPTURE.name)
        starts = {part: max(first.get(part, 0), end - RECORDS) for part, end in ends.items()}
        for message in messages.read(clients, starts, ends, CAPTURE.name):
            if message.key() == key(database).encode():
                newest = Capture.from_json(message.value() or b"")
    return newest


def failures(record: Capture | None) -> dict[str, str]:
    """Table → why Debezium could not read its rows. Unlike PostgreSQL's, the record's error stays
    until they have been read."""
    tables = record.tables.items() if record else ()
    return {name: table.error for name, table in tables if table.error}


def captures(
    rows: Iterable[tuple[Any, ...]],
    verified_epochs: Mapping[str, int],
    epoch: int,
    failed: Mapping[str, str],
) -> dict[str, TableCapture]:
    """`rows`: of TABLES; `verified_epochs`: of each table of the release; `epoch`: the current
    one; `failed`: as `failures` returns them. A request of an earlier epoch does not count."""
    known = {name: rest for name, *rest in rows}
    result = {}
    for name, verified_epoch in verified_epochs.items():
        added, captured, requested_s, read, failure = known.get(name, (0, 0, None, False, None))
        requested = captured == epoch
        result[name] = TableCapture(
            added_epoch=added,
            verified_epoch=verified_epoch,
            requested=requested,
            requested_s=requested_s,
            read=requested and read,
            failure=failure or failed.get(name),
        )
    return result


def evaluate(capture: CaptureDetails | None) -> ProbeResult:
    """`capture`: None before the first epoch. A snapshot sends every row that PostgreSQL holds; it
    cannot send deletes, so rows that were deleted before it stay in Cassandra."""
    if capture is None:
        return OUTCOME.warn(
            "nothing is captured yet: the connector manager begins with the first snapshot"
        )
    summary = f"epoch {capture.epoch} since {capture.began_at}"
    if capture.being_read:
        summary += f"; existing rows of {', '.join(capture.being_read)} are being read"
    every = capture.all_tables
    findings = {name: evaluate_table(table) for name, table in every.items()}
    result = summarize(OUTCOME, findings, summary, capture, "are captured")
    gaps = sorted(name for name, table in every.items() if table.uncaptured)
    # Riada's own first, then the first of the other databases that began an epoch.
    began = capture
    behind: list[str] = []
    for began in (capture, *capture.databases.values()):
        behind = [name for name, table in began.tables.items() if began.is_behind(table)]
        if behind:
            break
    if result.state is ProbeState.OK and gaps and not behind:
        return OUTCOME.warn(
            f"rows of {', '.join(gaps)} that were deleted while it was not delivered may still be "
            "in Cassandra: make repair",
            capture,
        )
    if result.state is not ProbeState.OK or not behind:
        return result
    fine = len(every) - len(behind)
    others = f"; {other_tables(fine, 'are equal')}" if fine else ""
    return OUTCOME.warn(
        f"epoch {began.epoch} began {began.began_at}: {began.reason}. Every row was sent "
        f"again; rows of {', '.join(sorted(behind))} that were deleted before it may still be in "
        f"Cassandra: make repair{others}",
        capture,
    )


def evaluate_table(table: TableCapture) -> Finding:
    """Whether the rows that PostgreSQL held before come."""
    if not table.requested:
        return warn(
            "has existing rows that are not requested yet, which the connector manager does: "
            "make logs S=connect names what it waits for"
        )
    if not table.read and table.failure:
        return warn(
            f"has existing rows that Debezium cannot read ({table.failure}); the connector "
            "manager asks again: make logs S=connect"
        )
    if not table.read and (table.requested_s or 0.0) > SLOW_S:
        minutes = (table.requested_s or 0.0) / 60
        return warn(f"has existing rows that have been read for {minutes:.0f} minutes")
    return ok()
