"""Waits while capture reads the existing rows of a table: they are on their way already."""

from __future__ import annotations

import time
from collections.abc import Callable

from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.jobs import job_protocol
from control_center.jobs.compare.reconcile import Clock
from control_center.pipeline.scans import is_being_read

PAUSE_S = 2.0
PROGRESS_S = 10.0
# Then the rows are compared all the same: status names why the scan does not end.
LIMIT_S = 600.0


def await_scan(clients: Clients, table: Table) -> None:
    """Returns when the scan has ended or failed, or after LIMIT_S. Raises UnreachableError."""
    await_end(table.name, lambda: is_being_read(clients, table))


def await_end(name: str, is_running: Callable[[], bool], clock: Clock = time) -> None:
    began = reported_at = clock.monotonic()
    while is_running() and clock.monotonic() - began < LIMIT_S:
        now = clock.monotonic()
        if now == began or now - reported_at >= PROGRESS_S:
            reported_at = now
            job_protocol.progress(f"{name}: existing rows are being read: the comparison waits")
        clock.sleep(PAUSE_S)
