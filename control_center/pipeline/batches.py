"""people.batches: what the streaming job says that it has written, batch by batch.

Spark commits no offsets to a consumer group: the newest batch's end offsets are its true position.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from contract.cassandra.cql import KEYSPACE, QUERIES
from control_center.clients.clients import Clients
from control_center.config import STREAM

KEPT = timedelta(days=7)
FIRST_SINCE = f"""SELECT * FROM {KEYSPACE}.batches
WHERE job = ? AND day = ? AND written_at >= ? ORDER BY written_at ASC, batch_id ASC"""


@dataclass(frozen=True)
class Batch:
    """One micro-batch; offsets are partition → offset, the end is exclusive; times are UTC."""

    batch_id: int
    started_at: datetime
    written_at: datetime
    start_offsets: dict[int, int]
    end_offsets: dict[int, int]
    upserts: int
    deletes: int
    dead_letters: int
    release: str
    driver_id: str

    @classmethod
    def of(cls, row: Any) -> Batch:
        """From a row of people.batches."""
        return cls(
            batch_id=row.batch_id,
            started_at=row.started_at.replace(tzinfo=UTC),
            written_at=row.written_at.replace(tzinfo=UTC),
            start_offsets=offsets(row.start_offsets),
            end_offsets=offsets(row.end_offsets),
            upserts=row.upserts or 0,
            deletes=row.deletes or 0,
            dead_letters=row.dead_letters or 0,
            release=row.release or "",
            driver_id=row.driver_id or "",
        )

    def covers(self, partition: int, offset: int) -> bool:
        return self.start_offsets.get(partition, 0) <= offset < self.end_offsets.get(partition, 0)


def offsets(text: str) -> dict[int, int]:
    """'{"0": 12}' → {0: 12}."""
    return {int(partition): int(offset) for partition, offset in json.loads(text).items()}


def newest(clients: Clients, days: int = 7) -> Batch | None:
    """The last batch of the last days (rows live for 7), or None."""
    return next(iter(last(clients, 1, days)), None)


def last(clients: Clients, count: int, days: int = 7) -> list[Batch]:
    """The last batches of the last days, newest first."""
    found: list[Batch] = []
    today = datetime.now(UTC).date()
    for back in range(-1, days + 1):  # a writer's clock may be ahead
        day, left = today - timedelta(days=back), count - len(found)
        rows = clients.cassandra.execute(QUERIES["newest_batches"], (STREAM, day, left))
        found += [Batch.of(row) for row in rows]
        if len(found) == count:
            break
    return found


def since(clients: Clients, moment: datetime, limit: int = 100_000) -> list[Batch]:
    """The batches written at `moment` or later, oldest first; those that are kept."""
    found: list[Batch] = []
    now = datetime.now(UTC)
    moment = max(moment, now - KEPT)
    day, today = moment.date(), now.date()
    while day <= today + timedelta(days=1) and len(found) < limit:
        rows = clients.cassandra.execute(FIRST_SINCE, (STREAM, day, moment))
        found += [Batch.of(row) for row in rows]
        day += timedelta(days=1)
    return found[:limit]


def covering(clients: Clients, partition: int, offset: int, after: datetime) -> Batch | None:
    """The first batch since `after` that wrote this offset, or None."""
    batches = since(clients, after)
    return next((batch for batch in batches if batch.covers(partition, offset)), None)


def waiting(ends: dict[int, int], done: dict[int, int]) -> dict[int, int]:
    """Partition → how many messages are on the topic and in no batch yet."""
    return {
        partition: max(0, end - done.get(partition, 0)) for partition, end in sorted(ends.items())
    }
