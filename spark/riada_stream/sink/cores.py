"""How the tables' batches share the executor's cores.

A task cannot be interrupted. If a table that catches up had all cores, a small batch of another
table would wait for seconds. So, while several tables have messages, one core is free for small
batches, and large batches take turns on the others.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# A table whose last batch is older has no messages.
ACTIVE_S = 10.0
WAIT_S = 1.0


class Cores:
    """`count`: the cores of the executor."""

    def __init__(self, count: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._count = count
        self._clock = clock
        self._lock = threading.Lock()
        self._large = threading.Lock()
        self._last_batch: dict[str, float] = {}

    @contextmanager
    def used_by(
        self, table: str, is_small: bool, on_wait: Callable[[], None]
    ) -> Iterator[int | None]:
        """Yields the number of tasks for a batch; None: one for each partition of the topic. A
        large batch waits for the large batches of other tables, and calls `on_wait` meanwhile."""
        is_alone = self._note(table)
        try:
            if is_small:
                yield 1
            elif is_alone:
                yield None
            else:
                while not self._large.acquire(timeout=WAIT_S):
                    on_wait()
                try:
                    yield max(1, self._count - 1)
                finally:
                    self._large.release()
        finally:
            self._note(table)

    def _note(self, table: str) -> bool:
        """Whether no other table has messages."""
        now = self._clock()
        with self._lock:
            self._last_batch[table] = now
            return all(
                now - at > ACTIVE_S for name, at in self._last_batch.items() if name != table
            )
