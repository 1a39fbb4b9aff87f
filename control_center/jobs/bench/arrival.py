"""The moment at which a row becomes readable in Cassandra."""

from __future__ import annotations

import time
from collections.abc import Collection
from uuid import UUID

from control_center.clients.clients import Clients
from control_center.pipeline import batches

BATCH_POLL_S = 5.0
PAUSE_S = 0.02
BY_ID = "SELECT id FROM people.users WHERE id = ?"


def readable(clients: Clients, key: str) -> bool:
    """True if Cassandra holds a person with this id; raises UnreachableError."""
    return clients.cassandra.execute(BY_ID, (UUID(key),)).one() is not None


def all_ids(clients: Clients) -> set[str]:
    """The ids of all people in Cassandra, by a scan in pages; raises UnreachableError."""
    return {str(row[0]) for row in clients.cassandra.scan("SELECT id FROM people.users")}


def wait_for(clients: Clients, keys: Collection[str], stall_s: float) -> float | None:
    """The moment (time.monotonic) at which the last of the keys became readable, or None if
    neither a key nor a batch came for `stall_s`."""
    remaining, progress_at = list(keys), time.monotonic()
    polled_at, batch = progress_at, batches.newest(clients)
    while remaining:
        before = len(remaining)
        while remaining and readable(clients, remaining[-1]):
            remaining.pop()
        now = time.monotonic()
        if len(remaining) < before:
            progress_at = now
        if now - polled_at > BATCH_POLL_S:
            polled_at, previous = now, batch
            batch = batches.newest(clients)
            if batch != previous:
                progress_at = now
        if now - progress_at > stall_s:
            return None
        time.sleep(PAUSE_S)
    return time.monotonic()
