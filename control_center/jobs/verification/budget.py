"""A bounded share of one core."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

# The longest rest after one part of the work.
LONGEST_S = 60.0

T = TypeVar("T")


class Clock(Protocol):
    """The functions of the module `time` that the loop uses."""

    def monotonic(self) -> float: ...

    def time(self) -> float: ...

    def sleep(self, seconds: float, /) -> None: ...


class Budget:
    """`share`: of one core, above 0 and up to 1. The time of a part of the work is this process's
    CPU and the engines' answers, so it bounds the sum of both: they do not work at once. On a busy
    machine the same work takes longer, and verification gives way."""

    def __init__(self, share: float, clock: Clock) -> None:
        self._share, self._clock = share, clock
        self.busy_s = 0.0

    def spend(self, work: Callable[[], T]) -> T:
        """The result of the work, after a rest. Raises what `work` raises, without a rest."""
        began = self._clock.monotonic()
        try:
            result = work()
        finally:
            used = self._clock.monotonic() - began
            self.busy_s += used
        self._clock.sleep(min(LONGEST_S, used * (1 / self._share - 1)))
        return result
