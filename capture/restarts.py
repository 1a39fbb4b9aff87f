"""When may a failing connector be restarted, or a new epoch begin? Pauses that double."""

from __future__ import annotations


class Backoff:
    """The pause after a turn is `first_s`, then twice as long, up to `last_s`; after a quiet
    time of `last_s` more it is `first_s` again. Times are a monotonic clock's seconds."""

    def __init__(self, first_s: float, last_s: float) -> None:
        self._first_s, self._last_s = first_s, last_s
        self._pause_s = first_s
        self._turn = float("-inf")

    def ready(self, now: float) -> bool:
        return now >= self._turn + self._pause_s or self._turn == float("-inf")

    def take(self, now: float) -> float:
        """To be called with each turn; returns the seconds until the next one may come."""
        quiet = now - self._turn > self._pause_s + self._last_s
        self._pause_s = self._first_s if quiet else min(2 * self._pause_s, self._last_s)
        self._turn = now
        return self._pause_s
