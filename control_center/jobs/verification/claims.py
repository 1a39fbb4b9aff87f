"""What may be claimed once the rows that differed when they were read are settled.

A row that differs may be on its way. So the end of a part of the work is a claim that waits for all
rows that were suspect at that time; claims become effective in their order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import islice

from control_center.jobs.verification.position import Position

Change = Callable[[Position], Position]


class Claims:
    """`position`: with all effective claims."""

    def __init__(self, position: Position) -> None:
        self._position = position
        self._waiting: deque[tuple[int, Change]] = deque()
        self._suspects: dict[str, tuple[int, float]] = {}  # key → ticket, and when it was suspected
        self._again: dict[str, int] = {}  # key → ticket, since its round began
        self._ticket = 0
        self.suspect(position.suspects, 0.0)

    @property
    def position(self) -> Position:
        return replace(self._position, suspects=tuple(self._suspects))

    @property
    def suspects(self) -> int:
        return len(self._suspects)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def suspect(self, keys: Iterable[str], now: float) -> None:
        """Rows that differ. A row that is suspect already keeps its place."""
        for key in keys:
            self._ticket += 1
            if key in self._suspects:
                self._again.setdefault(key, self._ticket)
            else:
                self._suspects[key] = (self._ticket, now)

    def oldest(self, count: int, until: float) -> list[str]:
        """The suspects that were found first, until this time."""
        keys = (key for key, (_, at) in self._suspects.items() if at <= until)
        return list(islice(keys, count))

    def begin(self, keys: Iterable[str]) -> None:
        """A round about these suspects begins: they are read from now on."""
        for key in keys:
            self._again.pop(key, None)

    def clear(self, keys: Iterable[str]) -> None:
        """These rows are settled: what was read of them now holds for every earlier suspicion."""
        for key in keys:
            self._suspects.pop(key, None)
            self._again.pop(key, None)
        self._apply()

    def supersede(self, keys: Iterable[str]) -> None:
        """Cassandra has changes of these rows from after their round began. Suspicions from then on
        are about still later ones, and stay."""
        for key in keys:
            _, at = self._suspects.pop(key)
            if key in self._again:
                self._suspects[key] = (self._again.pop(key), at)
        self._apply()

    def claim(self, change: Change) -> None:
        """`change` takes effect when no present suspect is left."""
        self._waiting.append((self._ticket, change))
        self._apply()

    def now(self, change: Change) -> None:
        """Settles at once a claim that no suspect can change, such as a counter."""
        self._position = change(self._position)

    def _apply(self) -> None:
        lowest = min((ticket for ticket, _ in self._suspects.values()), default=None)
        while self._waiting and (lowest is None or self._waiting[0][0] < lowest):
            _, change = self._waiting.popleft()
            self._position = change(self._position)
