"""Spaces the requests to the API."""

from __future__ import annotations

import time
from collections.abc import Callable


class RateLimiter:
    """Lets one request start every `interval_s` seconds.

    After a delay it continues at the same rate. It does not catch up in a burst.
    """

    def __init__(self, interval_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._interval_s = interval_s
        self._clock = clock
        self._due = clock()

    def wait_s(self) -> float:
        """Seconds until the next request may start; 0 when it may start now."""
        return max(0.0, self._due - self._clock())

    def start(self) -> None:
        """Records that a request starts now."""
        self._due = max(self._due, self._clock()) + self._interval_s
