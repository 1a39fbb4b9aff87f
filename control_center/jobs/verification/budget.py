"""A bounded share of one core."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

# The longest rest after one part of the work.
LONGEST_S = 60.0
# The engines work at most so many times as long as this process does: it decodes and compares the
# rows that they read. On a busy machine their answers take longer, but no more of their CPU.
ENGINES = 2.0

T = TypeVar("T")


class Clock(Protocol):
    """The functions of the module `time` that the loop uses."""

    def monotonic(self) -> float: ...

    def process_time(self) -> float: ...

    def time(self) -> float: ...

    def sleep(self, seconds: float, /) -> None: ...


class Budget:
    """`share`: of one core, above 0 and up to 1, for this process and for the engines that answer
    it. The process's CPU is measured. That of the engines is taken to be the time that it waits for
    them, up to ENGINES times its own."""

    def __init__(self, share: float, clock: Clock) -> None:
        self._share, self._clock = share, clock
        self.busy_s = 0.0

    def spend(self, work: Callable[[], T]) -> T:
        """The result of the work, after a rest. Raises what `work` raises, without a rest."""
        clock = self._clock
        began, cpu = clock.monotonic(), clock.process_time()
        try:
            result = work()
        finally:
            took, used = clock.monotonic() - began, clock.process_time() - cpu
            busy = used + min(max(0.0, took - used), ENGINES * used)
            self.busy_s += busy
        clock.sleep(min(LONGEST_S, max(0.0, busy / self._share - took)))
        return result
