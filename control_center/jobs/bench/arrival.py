"""The moment at which a row becomes readable in Cassandra."""

from __future__ import annotations

import time
from collections.abc import Collection

from contract.stores.cassandra import table as cassandra
from contract.stores.quoting import quoted
from contract.table.key import key_text
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.pipeline import batches
from control_center.pipeline.row_repository import bound_keys

BATCH_POLL_S = 5.0
PAUSE_S = 0.02


def readable(clients: Clients, table: Table, key: str) -> bool:
    """True if Cassandra holds a row with this key; raises UnreachableError."""
    query = f"{_keys(table)} WHERE {cassandra.key_condition(table)}"
    [values] = bound_keys(table, [key])
    return clients.cassandra.execute(query, values).one() is not None


def all_keys(clients: Clients, table: Table) -> set[str]:
    """The keys of all rows in Cassandra, by a scan in pages; raises UnreachableError."""
    return {key_text(table, row) for row in clients.cassandra.scan(_keys(table))}


def wait_for(clients: Clients, table: Table, keys: Collection[str], stall_s: float) -> float | None:
    """The moment (time.monotonic) at which the last of the keys became readable, or None if
    neither a key nor a batch came for `stall_s`."""
    remaining, progress_at = list(keys), time.monotonic()
    polled_at, batch = progress_at, batches.newest(clients, table)
    while remaining:
        before = len(remaining)
        while remaining and readable(clients, table, remaining[-1]):
            remaining.pop()
        now = time.monotonic()
        if len(remaining) < before:
            progress_at = now
        if now - polled_at > BATCH_POLL_S:
            polled_at, previous = now, batch
            batch = batches.newest(clients, table)
            if batch != previous:
                progress_at = now
        if now - progress_at > stall_s:
            return None
        time.sleep(PAUSE_S)
    return time.monotonic()


def _keys(table: Table) -> str:
    columns = (column.kind.read_cassandra(quoted(column.name)) for column in table.key)
    return f"SELECT {', '.join(columns)} FROM {cassandra.qualified(table)}"
