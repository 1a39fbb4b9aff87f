"""Sends rows that differ for good again, through the pipeline, up to a number of rows per hour."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Protocol

from control_center.jobs.verification.budget import Clock

HOUR_S = 3600.0
# A row that still differs is sent again after this time, or by `make repair`.
AGAIN_S = HOUR_S
AT_ONCE = 500  # rows


class Sender(Protocol):
    def send(self, table: str, keys: Sequence[str]) -> int:
        """Capture sends those of these rows that PostgreSQL holds, and delete events the others;
        returns for how many. Raises UnreachableError."""
        ...


class AutomaticRepair:
    """`rows_per_hour`: of all tables; 0: it is off."""

    def __init__(self, rows_per_hour: int, sender: Sender, clock: Clock) -> None:
        self._limit, self._sender, self._clock = rows_per_hour, sender, clock
        self._sent: deque[tuple[float, int]] = deque()  # when, and how many rows
        self._tried: dict[tuple[str, str], float] = {}

    def repair(self, table: str, differing: Sequence[str]) -> int:
        """Sends what the limit allows of the rows with these keys; returns how many. Raises
        UnreachableError."""
        if not self._limit:
            return 0
        now = self._clock.monotonic()
        self._forget(now)
        left = self._limit - sum(count for _, count in self._sent)
        untried = [key for key in differing if (table, key) not in self._tried]
        keys = untried[: max(0, min(left, AT_ONCE))]
        if not keys:
            return 0
        # Counted before they are sent: an error may come after some of them are on their way.
        self._sent.append((now, len(keys)))
        self._tried |= {(table, key): now for key in keys}
        return self._sender.send(table, keys)

    def _forget(self, now: float) -> None:
        while self._sent and now - self._sent[0][0] >= HOUR_S:
            self._sent.popleft()
        self._tried = {key: at for key, at in self._tried.items() if now - at < AGAIN_S}
