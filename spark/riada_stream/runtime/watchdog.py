"""For how long nothing has come to an end: no call into the JVM has a time limit of its own."""

from __future__ import annotations

import time
from collections.abc import Callable


class Watchdog:
    """Runs while a batch is written; each of its steps that is done shows that it does not hang."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since: float | None = None

    def start(self) -> None:
        self._since = self._clock()

    step = start

    def stop(self) -> None:
        self._since = None

    def silent_s(self) -> float:
        """Since the last step; 0 when no batch is being written."""
        since = self._since
        return self._clock() - since if since is not None else 0.0
