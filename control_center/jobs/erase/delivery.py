"""Waits until the pipeline has carried every change of the erased rows, and Cassandra has none."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

from contract.kafka.topics import events
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.config import SLOT
from control_center.jobs import job_protocol
from control_center.jobs.compare.reconcile import Clock
from control_center.jobs.repair.source import PlatformSource
from control_center.pipeline import batches, row_repository

LIMIT_S = 600.0
PAUSE_S = 2.0
PROGRESS_S = 10.0
ATTEMPTS = 3  # delete events for a row

WRITTEN = "SELECT pg_current_wal_lsn()::text"
CAPTURED = "SELECT confirmed_flush_lsn >= %s::pg_lsn FROM pg_replication_slots WHERE slot_name = %s"


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
    end = _written(clients, table)
    complete = await_true(
        f"{table.name}: capture reads the delete from the WAL",
        lambda: _captured(clients, table, end),
        deadline,
        clock,
    )
    source = PlatformSource(clients, table, lambda _: None)
    attempts = 0
    while True:
        ends = clients.kafka.offsets(events(table).name)
        complete = complete and await_true(
            f"{table.name}: the streaming job writes the delete to Cassandra",
            partial(_streamed, clients, table, ends),
            deadline,
            clock,
        )
        present = in_cassandra(clients, table, keys)
        held = row_repository.held_in_postgres(clients, table, present) if present else set()
        erasable = present if table.database else present - held
        if not erasable or not complete or attempts == ATTEMPTS:
            return Delivery(frozenset(erasable), complete)
        attempts += 1
        source.erase(sorted(erasable))
        job_protocol.progress(f"{table.name}: sent a delete event, as PostgreSQL sends none")


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


def _written(clients: Clients, table: Table) -> str:
    with clients.postgres(table.database) as connection, connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        row = cursor.fetchone()
    return str(row[0]) if row else "0/0"


def _captured(clients: Clients, table: Table, end: str) -> bool:
    slot = clients.external(table.database).slot if table.database else SLOT
    with clients.postgres(table.database) as connection, connection.cursor() as cursor:
        cursor.execute(CAPTURED, [end, slot])
        row = cursor.fetchone()
    return row is not None and bool(row[0])


def _streamed(clients: Clients, table: Table, ends: dict[int, int]) -> bool:
    """Has the job written every message below these ends?"""
    earliest = clients.kafka.earliest(events(table).name)
    if all(earliest.get(part, 0) >= end for part, end in ends.items()):
        return True
    newest = batches.newest(clients, table)
    return newest is not None and all(
        newest.end_offsets.get(part, 0) >= end for part, end in ends.items()
    )
