"""Ingest: does PostgreSQL store the rows of each source, or are most of them rejected?"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock

from contract.health.details.ingest import IngestDetails, TableIngest
from contract.health.result import ProbeResult
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.health.by_table import Finding, ok, summarize, warn
from control_center.health.outcome import Outcome

OUTCOME = Outcome("ingest", "airflow-scheduler", asked="postgres")
ROWS = 10  # the minimum number of newest rows to evaluate; at 1 row/s that is one page
WINDOW_S = 600.0
RECENT = 1000  # rejects of before the start of the Control Center whose reasons are read

STORED = """
SELECT schemaname, relname, n_tup_ins + n_tup_upd FROM pg_stat_user_tables
WHERE (schemaname, relname) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
"""
NEWEST_ID = "SELECT coalesce(max(id), 0) FROM riada.rejects"
REJECTED = """
SELECT table_name, count(*), max(id), (array_agg(reason ORDER BY id DESC))[1]
FROM riada.rejects WHERE id > %s GROUP BY table_name
"""


@dataclass(frozen=True)
class Counts:
    """Rows that were stored and rows that were rejected."""

    stored: int
    rejected: int

    def since(self, earlier: Counts) -> Counts:
        return Counts(self.stored - earlier.stored, self.rejected - earlier.rejected)


class NewestRows:
    """Keeps the counts of one table for WINDOW_S, to find how many of its newest rows were stored
    and rejected."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._history: deque[tuple[float, Counts]] = deque()
        self._lock = Lock()

    def record(self, counts: Counts) -> Counts:
        """Stored and rejected rows among the newest ROWS rows or a few more, or among all rows of
        WINDOW_S if they are fewer."""
        with self._lock:
            now = self._clock()
            if self._history and counts.stored < self._history[-1][1].stored:
                self._history.clear()  # PostgreSQL's statistics begin at 0 again
            self._history.append((now, counts))
            while now - self._history[0][0] > WINDOW_S:
                self._history.popleft()
            newest = Counts(0, 0)
            for _, earlier in reversed(self._history):
                newest = counts.since(earlier)
                if newest.stored + newest.rejected >= ROWS:
                    break
            return newest


class Rejects:
    """Counts the rejects of each table; reads each reject once, because counting all of them again
    at every run would read the complete table."""

    def __init__(self) -> None:
        self.newest_id: int | None = None
        self.counts: dict[str, int] = {}
        self.reasons: dict[str, str] = {}

    def add(self, rows: Iterable[tuple[str, int, int, str]], before_start: bool = False) -> None:
        """Rows of REJECTED. Only the reasons of those from before the start are kept."""
        for table, count, newest_id, reason in rows:
            if not before_start:
                self.counts[table] = self.counts.get(table, 0) + count
            self.reasons[table] = reason
            self.newest_id = max(self.newest_id or 0, newest_id)


class Ingest:
    """What is known of all tables; one for each process."""

    def __init__(self) -> None:
        self._rejects = Rejects()
        self._newest: dict[str, NewestRows] = {}
        self._lock = Lock()

    def read(self, clients: Clients, tables: Mapping[str, Table]) -> dict[str, TableIngest]:
        """Name → rows; raises UnreachableError."""
        names = {(table.schema, table.relation): name for name, table in tables.items()}
        with (
            self._lock,
            clients.postgres() as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(STORED, [[key[0] for key in names], [key[1] for key in names]])
            stored = {names[schema, relation]: count for schema, relation, count in cursor}
            known = self._rejects.newest_id
            if known is None:
                cursor.execute(NEWEST_ID)
                (newest_id,) = cursor.fetchone() or (0,)
                cursor.execute(REJECTED, [max(0, newest_id - RECENT)])
                self._rejects.newest_id = newest_id
            else:
                cursor.execute(REJECTED, [known])
            self._rejects.add(cursor.fetchall(), before_start=known is None)
            return {name: self._of(name, stored.get(name, 0)) for name in tables}

    def _of(self, name: str, stored: int) -> TableIngest:
        counts = Counts(stored, self._rejects.counts.get(name, 0))
        newest = self._newest.setdefault(name, NewestRows()).record(counts)
        reason = self._rejects.reasons.get(name)
        return TableIngest(counts.stored, counts.rejected, newest.stored, newest.rejected, reason)


_ingest = Ingest()


def probe(clients: Clients) -> ProbeResult:
    tables = {name: table for name, table in clients.tables().items() if table.source}
    return evaluate(_ingest.read(clients, tables) if tables else {})


def evaluate(tables: Mapping[str, TableIngest]) -> ProbeResult:
    """`tables`: those with a source."""
    details = IngestDetails(tables)
    if not tables:
        return OUTCOME.ok("no table has a source", details)
    rejects = sum(table.rejects for table in tables.values())
    summary = f"{rejects:,} rows were rejected since the Control Center started"
    findings = {name: evaluate_table(table) for name, table in tables.items()}
    return summarize(OUTCOME, findings, summary, details, "store their rows")


def evaluate_table(table: TableIngest) -> Finding:
    rows = table.newest_stored + table.newest_rejected
    if rows < ROWS or table.newest_rejected <= table.newest_stored:
        return ok()
    return warn(
        f"rejects {table.newest_rejected:,} of the newest {rows:,} rows of its source, the last "
        f"one for {table.newest_reason!r}: has the source changed its format? "
        "riada.rejects holds them"
    )
