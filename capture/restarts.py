"""Pauses between restarts of a failing connector, and between new epochs: they double."""

from __future__ import annotations


class Backoff:
    """The pause after a turn is `first_s`, then twice as long, up to `last_s`. When nothing happens
    for `last_s` after a pause, the next pause is `first_s` again. Times are seconds of a monotonic
    clock."""

    def __init__(self, first_s: float, last_s: float) -> None:
        self._first_s, self._last_s = first_s, last_s
        self._pause_s = first_s
        self._turn = float("-inf")

    def ready(self, now: float) -> bool:
        return now >= self._turn + self._pause_s or self._turn == float("-inf")

    def take(self, now: float) -> float:
        """Begins a turn; returns the seconds until the next turn may begin."""
        quiet = now - self._turn > self._pause_s + self._last_s
        self._pause_s = self._first_s if quiet else min(2 * self._pause_s, self._last_s)
        self._turn = now
        return self._pause_s
