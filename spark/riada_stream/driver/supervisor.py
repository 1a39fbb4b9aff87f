"""Watches a running query until it fails, hangs, or is to stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from riada_stream.checkpoint.failed_batch import FailedBatch
from riada_stream.runtime.watchdog import Watchdog

POLL_INTERVAL_S = 1.0
# A batch that completes no step for this long hangs. The largest batch takes a small part of it on
# a slow machine.
STUCK_TIMEOUT_S = 180.0


class StuckBatchError(Exception):
    """A batch hangs. Its threads cannot be interrupted: the process must exit."""

    def __init__(self, failed: FailedBatch) -> None:
        super().__init__(f"it completed no step for {STUCK_TIMEOUT_S:.0f} s")
        self.failed = failed


class RunningQuery(Protocol):
    """The part of driver/query.py that the supervisor uses."""

    @property
    def batches(self) -> int: ...

    def is_running(self, wait_s: float) -> bool: ...

    def stop(self) -> None: ...


class RunningBatch(Protocol):
    """The part of sink/batch_writer.py that the supervisor uses."""

    failed: FailedBatch | None
    running: int | None


def supervise(
    query: RunningQuery,
    writer: RunningBatch,
    watchdog: Watchdog,
    should_stop: Callable[[], bool],
    on_first_batch: Callable[[], None],
) -> None:
    """Returns when the driver is to stop, after the query has stopped.

    Calls `on_first_batch` when the first batch is complete. Raises StuckBatchError, or the error
    that the query failed with.
    """
    first_batch_is_complete = False
    while query.is_running(POLL_INTERVAL_S):
        if query.batches and not first_batch_is_complete:
            first_batch_is_complete = True
            on_first_batch()
        if watchdog.idle_s() > STUCK_TIMEOUT_S and writer.running is not None:
            raise StuckBatchError(_failed_batch(writer, writer.running))
        if should_stop():
            query.stop()
            return
    raise RuntimeError("the query ended by itself")


def _failed_batch(writer: RunningBatch, batch_id: int) -> FailedBatch:
    """The batch with the messages that are already known to be unwritable, if any."""
    if writer.failed is not None and writer.failed.batch_id == batch_id:
        return writer.failed
    return FailedBatch(batch_id)
