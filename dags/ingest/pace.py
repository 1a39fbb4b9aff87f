"""When the next batch is due, and what a Retry-After header asks for."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

MAX_BATCH = 5_000
"""The API's own limit on `results`."""
POLITE_S = 10.0
"""How seldom the API is asked unless a batch size is wished: it is somebody's free service."""


def batch_size(wish: int | None, rate: float, people: int | None) -> int:
    """How many people to ask for at once; `rate` in people/s, 0 for as fast as it goes."""
    if wish is None:
        wish = round(rate * POLITE_S) if rate else min(people or MAX_BATCH, MAX_BATCH)
    return min(max(wish, 1), MAX_BATCH)


class Pace:
    """Lets one batch begin every `interval_s` seconds.

    After a delay it goes on in the old rhythm: what was missed is not caught up in a burst.
    """

    def __init__(self, interval_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._interval_s = interval_s
        self._clock = clock
        self._due = clock()

    def wait_s(self) -> float:
        """Seconds until the next batch may begin; 0 when it is due."""
        return max(0.0, self._due - self._clock())

    def begin(self) -> None:
        """A batch begins now."""
        self._due = max(self._due, self._clock()) + self._interval_s


def retry_after_s(header: str | None, now: datetime | None = None) -> float:
    """Seconds that a Retry-After header asks for, given as seconds or as a date; 0 without one."""
    if not header:
        return 0.0
    if header.strip().isdigit():
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return 0.0
    if until.tzinfo is None:
        until = until.replace(tzinfo=timezone.utc)
    return max(0.0, (until - (now or datetime.now(timezone.utc))).total_seconds())
