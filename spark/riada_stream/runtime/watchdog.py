"""Measures how long a batch has made no progress, because a call into the JVM has no timeout."""

from __future__ import annotations

import time
from collections.abc import Callable


class Watchdog:
    """Runs while a batch is written. Each completed step of the batch resets it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last_step: float | None = None

    def start(self) -> None:
        """A batch starts."""
        self._last_step = self._clock()

    def step(self) -> None:
        """A step of the batch is complete."""
        self._last_step = self._clock()

    def stop(self) -> None:
        """The batch has ended."""
        self._last_step = None

    def idle_s(self) -> float:
        """Seconds since the last completed step; 0 while no batch is written."""
        last_step = self._last_step  # another thread may set it to None
        return 0.0 if last_step is None else self._clock() - last_step
