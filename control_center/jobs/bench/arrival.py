"""When is a row readable in Cassandra?"""

from __future__ import annotations

import time
from collections.abc import Collection
from uuid import UUID

from control_center.clients.clients import Clients
from control_center.pipeline import batches

LOOK_S = 5.0
BY_ID = "SELECT id FROM people.users WHERE id = ?"


def readable(clients: Clients, key: str) -> bool:
    return clients.cassandra.execute(BY_ID, (UUID(key),)).one() is not None


def all_ids(clients: Clients) -> set[str]:
    """Everybody's id, by a scan in pages."""
    return {str(row[0]) for row in clients.cassandra.scan("SELECT id FROM people.users")}


def wait_for(clients: Clients, keys: Collection[str], patience_s: float) -> float | None:
    """The moment (time.monotonic) at which the last of the keys became readable, or None if the
    streaming job has written nothing for patience_s."""
    left, moved = list(keys), time.monotonic()
    looked, seen = moved, batches.newest(clients)
    while left:
        before = len(left)
        while left and readable(clients, left[-1]):
            left.pop()
        now = time.monotonic()
        if len(left) < before:
            moved = now
        if now - looked > LOOK_S:
            looked, before_look = now, seen
            seen = batches.newest(clients)
            if seen != before_look:
                moved = now
        if now - moved > patience_s:
            return None
        time.sleep(0.02)
    return time.monotonic()
