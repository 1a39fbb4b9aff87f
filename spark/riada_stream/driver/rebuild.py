"""Has `make rebuild` been run since the driver found that Cassandra's table cannot fit the release?

Its epoch sends every row again, so the table may be dropped then.
"""

from __future__ import annotations

from contract.kafka.capture import REBUILD, Capture


class RebuildSince:
    """Remembers the epoch of the first question. A driver that starts later has not seen the
    rebuild: it needs another one."""

    def __init__(self) -> None:
        self._first: int | None = None

    def __call__(self, newest: Capture | None) -> bool:
        """`newest`: the record of the table's database."""
        if newest is None:
            return False
        if self._first is None:
            self._first = newest.epoch
        return newest.epoch > self._first and newest.reason == REBUILD
