"""Limits failed logins: after five in a minute, the next failures of the name are refused until the
minute is over.

Nobody can lock a user out by failing: the right password is accepted at any time. It cannot be
found by trying, since it is 32 random bytes. Only a shorter password of one's own is refused too
while its name is limited.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping

FAILURES = 5
WINDOW_S = 60.0
GUESSABLE = 20  # characters; a shorter password might be found by trying


class LoginRateLimit:
    """Counts by name, not by address, because behind a published port all clients have the same
    address. `passwords`: name → password; all other names share one count."""

    def __init__(
        self, passwords: Mapping[str, str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._failures: dict[str, deque[float]] = {name: deque() for name in [*passwords, ""]}
        self._guessable = {name for name, value in passwords.items() if len(value) < GUESSABLE}
        self._clock = clock

    def wait_s(self, name: str, right: bool = False) -> float:
        """Seconds until the next login with the right or a wrong password may be tried; 0: now."""
        if right and name not in self._guessable:
            return 0.0
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
