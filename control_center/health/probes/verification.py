"""Continuous verification: through which commit has every change been seen in Cassandra, and which
rows differ?"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime

from contract.health.details.verification import TableVerification, VerificationDetails
from contract.health.result import ProbeResult
from control_center.clients.clients import Clients
from control_center.health.by_table import Finding, fail, ok, summarize, tables, warn
from control_center.health.outcome import Outcome
from control_center.pipeline.verification_file import VerificationFiles

OUTCOME = Outcome("verification", "control-center")
# The process writes a file for each table every few seconds, unless an engine hangs.
SILENT_S = 180.0
# A table is behind if it is not verified through so long ago, or so many durations of a pass.
BEHIND_S = 900.0
BEHIND_PASSES = 3.0
BEGINNING = "has not been read by verification yet"


def probe(clients: Clients) -> ProbeResult:
    files, release = VerificationFiles(clients.settings.state), clients.tables()
    share = clients.settings.verification_percent / 100
    known = {name: files.report(name) for name in release} if share else {}
    return evaluate(share, known, time.time())


def evaluate(
    share: float, known: Mapping[str, TableVerification | None], now: float
) -> ProbeResult:
    """`known`: name of each table of the release → its verification, None before it has begun."""
    begun = {name: table for name, table in known.items() if table is not None}
    details = VerificationDetails(share, begun)
    if not share:
        return OUTCOME.ok("is switched off (VERIFICATION_PERCENT=0)", details)
    findings = {name: evaluate_table(name, table, now) for name, table in known.items()}
    return summarize(OUTCOME, findings, summary_of(known, now), details, "are equal")


def evaluate_table(name: str, table: TableVerification | None, now: float) -> Finding:
    """A difference is a failure; rows that cannot be verified are a warning."""
    if table is None:
        return ok()
    if table.differences and table.first:
        first, more = table.first[0], table.differences - 1
        others = f"; {more:,} more differ" if more else ""
        return fail(f"differs in Cassandra: {first}{others}: make repair TABLE={name}")
    if now - table.at > SILENT_S:
        return warn(f"has not been verified for {_minutes(now - table.at)}: {_cause(table)}")
    if is_behind(table, now):
        through = table.through or table.began_at
        return warn(f"is verified {_minutes(now - through)} behind: {_cause(table)}")
    return ok()


def is_behind(table: TableVerification, now: float) -> bool:
    """Before the first complete pass, only an error makes it so: the duration of a pass is not
    known."""
    if table.through is None:
        return bool(table.error) and now - table.began_at > BEHIND_S
    return now - table.through > max(BEHIND_S, BEHIND_PASSES * (table.pass_s or 0.0))


def summary_of(known: Mapping[str, TableVerification | None], now: float) -> str:
    """The sentence without a fault."""
    waiting = {
        name: table.passed if table else 0.0
        for name, table in known.items()
        if table is None or table.through is None
    }
    if not waiting:
        times = [table.through for table in known.values() if table and table.through]
        return f"verified through {clock(min(times), now)}" if times else ""
    last = min(sorted(waiting), key=lambda name: waiting[name])
    text = f"verifies {last} for the first time, {waiting[last]:.0%} read"
    return text if len(waiting) == 1 else f"{text}; also {tables(len(waiting) - 1)}"


def clock(at: float, now: float) -> str:
    """ "14:03:20" in UTC, with the date if it is not today's."""
    moment = datetime.fromtimestamp(at, UTC)
    is_today = moment.date() == datetime.fromtimestamp(now, UTC).date()
    return moment.strftime("%H:%M:%S" if is_today else "%Y-%m-%d %H:%M:%S")


def _cause(table: TableVerification) -> str:
    if table.error:
        return table.error
    if table.in_flight:
        return f"{table.in_flight:,} rows have not arrived"
    return "raise VERIFICATION_PERCENT, or make logs S=control-center"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes"
