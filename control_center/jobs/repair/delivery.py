"""Waits until the rows that a repair has sent have come to Cassandra."""

from __future__ import annotations

import time

from control_center.jobs import job_protocol
from control_center.jobs.compare.reader import Reader
from control_center.jobs.compare.reconcile import CONVERGENCE_TIMEOUT_S, Clock

PAUSE_S = 2.0
PROGRESS_S = 10.0


def await_delivery(reader: Reader, clock: Clock = time) -> None:
    """Returns also when the stream has written nothing for CONVERGENCE_TIMEOUT_S: the comparison
    then shows what is missing. Raises UnreachableError."""
    barrier, written = reader.barrier(), reader.written()
    moved_at = reported_at = clock.monotonic()
    while not barrier.has_passed():
        now, reached = clock.monotonic(), reader.written()
        if reached != written:
            written, moved_at = reached, now
        if now - moved_at > CONVERGENCE_TIMEOUT_S:
            return
        if now - reported_at >= PROGRESS_S:
            reported_at = now
            job_protocol.progress("the rows are on their way to Cassandra")
        clock.sleep(PAUSE_S)
