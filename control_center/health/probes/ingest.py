"""Ingest: does PostgreSQL store the people that the source gives, or are most of them rejected?"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from control_center.clients.clients import Clients
from control_center.health.result import ProbeResult, ProbeState

NAME = "ingest"
COMPONENT = "randomuser"
PEOPLE = 10
"""A verdict is about the newest people, at least so many: a page at 1 person/s."""
WINDOW_S = 600.0

QUERY = """
SELECT (SELECT n_tup_ins + n_tup_upd FROM pg_stat_user_tables
        WHERE relid = 'public.users'::regclass),
       (SELECT n_tup_ins FROM pg_stat_user_tables WHERE relid = 'public.rejects'::regclass),
       (SELECT reason FROM public.rejects ORDER BY id DESC LIMIT 1)
"""


@dataclass(frozen=True)
class Counts:
    """Since PostgreSQL counts: people that were stored, people that were rejected."""

    stored: int
    rejected: int

    def since(self, earlier: Counts) -> Counts:
        return Counts(self.stored - earlier.stored, self.rejected - earlier.rejected)


class Newest:
    """Remembers counts for WINDOW_S, to tell what became of the newest people."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, Counts]] = deque()
        self._lock = Lock()

    def take(self, counts: Counts) -> Counts:
        """What became of the newest PEOPLE people or a few more; of fewer if fewer came."""
        with self._lock:
            now = self._clock()
            if self._seen and counts.rejected < self._seen[-1][1].rejected:
                self._seen.clear()  # PostgreSQL counts from 0 again
            self._seen.append((now, counts))
            while now - self._seen[0][0] > WINDOW_S:
                self._seen.popleft()
            newest = Counts(0, 0)
            for _, earlier in reversed(self._seen):
                newest = counts.since(earlier)
                if newest.stored + newest.rejected >= PEOPLE:
                    break
            return newest


_newest = Newest()


def probe(clients: Clients) -> ProbeResult:
    with clients.postgres() as connection, connection.cursor() as cursor:
        cursor.execute(QUERY)
        stored, rejected, reason = cursor.fetchone() or (0, 0, None)
    counts = Counts(stored or 0, rejected or 0)
    return evaluate(counts, _newest.take(counts), reason, clients.settings.randomuser_url)


def evaluate(counts: Counts, newest: Counts, reason: str | None, url: str) -> ProbeResult:
    """`newest`: what became of the newest people, `reason`: of the newest reject."""
    evidence = {
        "stored": counts.stored,
        "rejects": counts.rejected,
        "newest_stored": newest.stored,
        "newest_rejected": newest.rejected,
        "newest_reason": reason,
    }
    people = newest.stored + newest.rejected
    if people < PEOPLE or newest.rejected <= newest.stored:
        summary = f"{counts.rejected:,} people were rejected since PostgreSQL counts"
        return ProbeResult(NAME, ProbeState.OK, summary, COMPONENT, evidence)
    summary = (
        f"{newest.rejected:,} of the newest {people:,} people of {url} were rejected, the last one "
        f"for {reason!r}: has the source changed its format? public.rejects holds them"
    )
    return ProbeResult(NAME, ProbeState.WARN, summary, COMPONENT, evidence)
