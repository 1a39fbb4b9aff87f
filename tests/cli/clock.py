"""Time that passes only while a command sleeps."""

from __future__ import annotations


class Clock:
    """Replaces the module `time`; `now` is in seconds."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
