"""Waits until the pipeline has carried every change of the erased rows, and Cassandra has none."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.jobs import job_protocol
from control_center.jobs.compare.reconcile import Clock
from control_center.jobs.repair.source import PlatformSource
from control_center.pipeline import row_repository
from control_center.pipeline.barrier import Barrier

LIMIT_S = 600.0
PAUSE_S = 2.0
PROGRESS_S = 10.0
GONE_S = 30.0
ATTEMPTS = 3  # delete events for a row


def in_cassandra(clients: Clients, table: Table, keys: Collection[str]) -> set[str]:
    """The keys among these whose row Cassandra holds. Raises UnreachableError."""
    return set(row_repository.versions_in_cassandra(clients, table, keys)) if keys else set()


@dataclass(frozen=True)
class Delivery:
    """`left`: the keys whose row is in Cassandra, although Riada's own PostgreSQL does not hold it.
    `complete`: the pipeline has carried every change from before the deletes, so none can bring a
    row back."""

    left: frozenset[str]
    complete: bool


def await_deletes(
    clients: Clients, table: Table, keys: Collection[str], clock: Clock = time
) -> Delivery:
    """Waits for at most LIMIT_S. A row that PostgreSQL does not hold, and whose delete capture has
    not seen, gets a delete event; so does a row of another PostgreSQL. Raises UnreachableError."""
    deadline = clock.monotonic() + LIMIT_S
    source = PlatformSource(clients, table, lambda _: None)
    what = f"{table.name}: waits until capture and the streaming job have carried the delete"
    attempts = 0
    while True:
        barrier = Barrier(clients, table)
        complete = await_true(what, barrier.has_passed, deadline, clock)
        # The records of batches expire: the barrier cannot see the first batch after a long pause.
        patience = min(deadline, clock.monotonic() + GONE_S)
        await_true(what, lambda: not _erasable(clients, table, keys), patience, clock)
        left = _erasable(clients, table, keys)
        if not left or not complete or attempts == ATTEMPTS:
            return Delivery(frozenset(left), complete)
        attempts += 1
        source.erase(sorted(left))
        job_protocol.progress(f"{table.name}: sent a delete event, as PostgreSQL sends none")


def _erasable(clients: Clients, table: Table, keys: Collection[str]) -> set[str]:
    """The keys whose row is in Cassandra, and not in Riada's own PostgreSQL."""
    present = in_cassandra(clients, table, keys)
    if table.database or not present:
        return present
    return present - row_repository.held_in_postgres(clients, table, present)


def await_true(
    what: str, condition: Callable[[], bool], deadline: float, clock: Clock = time
) -> bool:
    """False if the condition is not true at the deadline."""
    reported_at = float("-inf")
    while not condition():
        now = clock.monotonic()
        if now >= deadline:
            return False
        if now - reported_at >= PROGRESS_S:
            reported_at = now
            job_protocol.progress(what)
        clock.sleep(PAUSE_S)
    return True
