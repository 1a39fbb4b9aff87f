"""Limits failed logins: after five in a minute, the name cannot log in until the minute is over."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

FAILURES = 5
WINDOW_S = 60.0


class LoginRateLimit:
    """Counts by name, not by address, because behind a published port all clients have the same
    address. `names` are the existing names; all other names share one count."""

    def __init__(self, names: set[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._failures: dict[str, deque[float]] = {name: deque() for name in names | {""}}
        self._clock = clock

    def wait_s(self, name: str) -> float:
        """Seconds until the next login may be tried; 0: now."""
        failures = self._of(name)
        while failures and failures[0] <= self._clock() - WINDOW_S:
            failures.popleft()
        return failures[0] + WINDOW_S - self._clock() if len(failures) >= FAILURES else 0.0

    def failed(self, name: str) -> None:
        self._of(name).append(self._clock())

    def succeeded(self, name: str) -> None:
        self._of(name).clear()

    def _of(self, name: str) -> deque[float]:
        return self._failures.get(name, self._failures[""])
