"""Watches a running query until it fails, hangs, has nothing to do, or is to stop."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Protocol

from riada_stream.checkpoint.failed_batch import FailedBatch
from riada_stream.runtime.watchdog import Watchdog

POLL_INTERVAL_S = 1.0
# A batch that completes no step for this long hangs. The largest batch takes a small part of it on
# a slow machine.
STUCK_TIMEOUT_S = 180.0


class Ending(Enum):
    STOPPED = 1  # the table's query is to end
    PARKED = 2  # it starts again when messages arrive


class StuckBatchError(Exception):
    """A batch hangs. Its threads cannot be interrupted: the process must exit."""

    def __init__(self, failed: FailedBatch) -> None:
        super().__init__(f"it completed no step for {STUCK_TIMEOUT_S:.0f} s")
        self.failed = failed


class RunningQuery(Protocol):
    """What supervise() needs of a table's query (driver/query.py)."""

    @property
    def batches(self) -> int: ...

    @property
    def idle_s(self) -> float: ...

    def is_running(self, wait_s: float) -> bool: ...

    def waits_for_messages(self) -> bool: ...

    def stop(self) -> None: ...


class RunningBatch(Protocol):
    """What supervise() needs of the writer of batches (sink/batch_writer.py)."""

    failed: FailedBatch | None
    running: int | None


def supervise(
    query: RunningQuery,
    writer: RunningBatch,
    watchdog: Watchdog,
    should_stop: Callable[[], bool],
    may_park: Callable[[float], bool],
    on_running: Callable[[], None],
) -> Ending:
    """Returns after the query has stopped.

    Calls `on_running` when the first batch is complete or there are no messages. `may_park` takes
    the seconds without a batch. Raises StuckBatchError, or the error that the query failed with.
    """
    is_running = False
    while query.is_running(POLL_INTERVAL_S):
        if not is_running and (query.batches or query.waits_for_messages()):
            is_running = True
            on_running()
        if watchdog.idle_s() > STUCK_TIMEOUT_S and writer.running is not None:
            raise StuckBatchError(_failed_batch(writer, writer.running))
        if should_stop():
            query.stop()
            return Ending.STOPPED
        if is_running and may_park(query.idle_s):
            query.stop()
            return Ending.PARKED
    raise RuntimeError("the query ended by itself")


def _failed_batch(writer: RunningBatch, batch_id: int) -> FailedBatch:
    """The batch with the messages that are already known to be unwritable, if any."""
    if writer.failed is not None and writer.failed.batch_id == batch_id:
        return writer.failed
    return FailedBatch(batch_id)
