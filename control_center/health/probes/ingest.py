"""Ingest: does PostgreSQL store the people of the source, or are most of them rejected?"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from contract.health.details.ingest import IngestDetails
from contract.health.result import ProbeResult
from control_center.clients.clients import Clients
from control_center.health.outcome import Outcome

OUTCOME = Outcome("ingest", "randomuser", asked="postgres")
PEOPLE = 10  # the minimum number of newest people to evaluate; at 1 person/s that is one page
WINDOW_S = 600.0

QUERY = """
SELECT (SELECT n_tup_ins + n_tup_upd FROM pg_stat_user_tables
        WHERE relid = 'public.users'::regclass),
       (SELECT n_tup_ins FROM pg_stat_user_tables WHERE relid = 'public.rejects'::regclass),
       (SELECT reason FROM public.rejects ORDER BY id DESC LIMIT 1)
"""


@dataclass(frozen=True)
class Counts:
    """People that were stored and people that were rejected, since PostgreSQL's statistics
    began."""

    stored: int
    rejected: int

    def since(self, earlier: Counts) -> Counts:
        return Counts(self.stored - earlier.stored, self.rejected - earlier.rejected)


class NewestPeople:
    """Keeps counts for WINDOW_S, to find how many of the newest people were stored and rejected."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._history: deque[tuple[float, Counts]] = deque()
        self._lock = Lock()

    def record(self, counts: Counts) -> Counts:
        """Stored and rejected people among the newest PEOPLE people or a few more, or among all
        people of WINDOW_S if they are fewer."""
        with self._lock:
            now = self._clock()
            if self._history and counts.rejected < self._history[-1][1].rejected:
                self._history.clear()  # PostgreSQL's statistics begin at 0 again
            self._history.append((now, counts))
            while now - self._history[0][0] > WINDOW_S:
                self._history.popleft()
            newest = Counts(0, 0)
            for _, earlier in reversed(self._history):
                newest = counts.since(earlier)
                if newest.stored + newest.rejected >= PEOPLE:
                    break
            return newest


_newest = NewestPeople()


def probe(clients: Clients) -> ProbeResult:
    with clients.postgres() as connection, connection.cursor() as cursor:
        cursor.execute(QUERY)
        stored, rejected, reason = cursor.fetchone() or (0, 0, None)
    counts = Counts(stored or 0, rejected or 0)
    return evaluate(counts, _newest.record(counts), reason, clients.settings.randomuser_url)


def evaluate(counts: Counts, newest: Counts, reason: str | None, url: str) -> ProbeResult:
    """`newest`: counts of the newest people; `reason`: why the newest reject was rejected."""
    details = IngestDetails(
        counts.stored, counts.rejected, newest.stored, newest.rejected, newest_reason=reason
    )
    people = newest.stored + newest.rejected
    if people < PEOPLE or newest.rejected <= newest.stored:
        return OUTCOME.ok(
            f"{counts.rejected:,} people were rejected since PostgreSQL's statistics began", details
        )
    return OUTCOME.warn(
        f"{newest.rejected:,} of the newest {people:,} people of {url} were rejected, the last one "
        f"for {reason!r}: has the source changed its format? public.rejects holds them",
        details,
    )
