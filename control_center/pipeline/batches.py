"""Reads people.batches: the record of each micro-batch that a table's query has written.

Every function that takes clients raises UnreachableError.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from contract.kafka import retention
from contract.stores.cassandra import batches as contract
from contract.stores.cassandra.batches import BatchRecord
from contract.table.table import Table
from control_center.clients.clients import Clients


def newest(
    clients: Clients, table: Table, days: int = retention.BATCHES.days
) -> BatchRecord | None:
    """The last batch of the last days (records live for retention.BATCHES), or None."""
    return next(iter(last(clients, table, 1, days)), None)


def last(
    clients: Clients, table: Table, count: int, days: int = retention.BATCHES.days
) -> list[BatchRecord]:
    """The last batches of the last days, newest first."""
    records: list[BatchRecord] = []
    today = datetime.now(UTC).date()
    for back in range(-1, days + 1):  # a writer's clock may be ahead
        day, missing = today - timedelta(days=back), count - len(records)
        rows = clients.cassandra.execute(contract.NEWEST, (table.name, day, missing))
        records += [BatchRecord.from_row(row) for row in rows]
        if len(records) == count:
            break
    return records


def since(
    clients: Clients, table: Table, moment: datetime, limit: int = 100_000
) -> list[BatchRecord]:
    """The batches written at `moment` or later whose records have not expired, oldest first."""
    records: list[BatchRecord] = []
    now = datetime.now(UTC)
    moment = max(moment, now - retention.BATCHES)
    day, today = moment.date(), now.date()
    while day <= today + timedelta(days=1) and len(records) < limit:
        rows = clients.cassandra.execute(contract.SINCE, (table.name, day, moment))
        records += [BatchRecord.from_row(row) for row in rows]
        day += timedelta(days=1)
    return records[:limit]


def covering(
    clients: Clients, table: Table, partition: int, offset: int, after: datetime
) -> BatchRecord | None:
    """The first batch since `after` that wrote this offset, or None."""
    batches = since(clients, table, after)
    return next((batch for batch in batches if batch.covers(partition, offset)), None)


def waiting(ends: dict[int, int], done: dict[int, int]) -> dict[int, int]:
    """Partition → number of messages on the topic that no batch covers yet."""
    return {
        partition: max(0, end - done.get(partition, 0)) for partition, end in sorted(ends.items())
    }
