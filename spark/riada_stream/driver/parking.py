"""Which queries are parked: stopped until messages arrive, because an idle query is not free.

Spark asks Kafka for a topic's end again and again, and keeps threads and clients for each query.
Some idle queries run on, so that a table with few messages has no later rows than a busy one.
"""

from __future__ import annotations

import threading

# A query without a batch for this long may be parked, if more than KEPT queries run.
IDLE_S = 60.0
KEPT = 3


class Parking:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[str] = set()

    def runs(self, table: str) -> None:
        with self._lock:
            self._running.add(table)

    def ended(self, table: str) -> None:
        with self._lock:
            self._running.discard(table)

    def may_park(self, table: str, idle_s: float) -> bool:
        """True parks the table's query."""
        if idle_s < IDLE_S:
            return False
        with self._lock:
            if len(self._running) <= KEPT:
                return False
            self._running.discard(table)
            return True
