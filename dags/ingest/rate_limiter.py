"""Spaces the requests to the API."""

from __future__ import annotations

import time
from collections.abc import Callable


class RateLimiter:
    """Lets `rate` items start per second; 0: no limit.

    After a delay it continues at the same rate. It does not catch up in a burst.
    """

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._due = clock()

    def wait_s(self) -> float:
        """Seconds until the next request may start; 0 when it may start now."""
        return max(0.0, self._due - self._clock())

    def start(self) -> None:
        """Records that a request starts now."""
        self._due = max(self._due, self._clock())

    def spend(self, items: int) -> None:
        """Records the number of items of the request that started last."""
        if self._rate:
            self._due += items / self._rate
