"""The way of one person: PostgreSQL commit, Kafka offset, Spark batch, Cassandra write."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from contract.cassandra.cql import QUERIES
from contract.errors import NotFoundError
from contract.table.domain import UUID_PATTERN
from contract.table.instant import EPOCH, moment
from control_center.clients.clients import Clients
from control_center.config import COMPONENT
from control_center.pipeline import batches, messages

ID = re.compile(UUID_PATTERN, re.IGNORECASE)
RECORDED = timedelta(minutes=1)  # a batch is recorded right after its rows
CLOCKS = timedelta(seconds=5)  # the driver's clock may be behind PostgreSQL's


class UnknownPersonError(NotFoundError):
    """Nobody has this id or email."""


@dataclass(frozen=True)
class StageTimestamps:
    """UTC; None where the person has not come by yet."""

    committed: datetime | None
    on_topic: datetime | None
    batch_started: datetime | None
    written: datetime | None

    def milliseconds(self) -> dict[str, int | None]:
        """Between one stage and the next, and from commit to readable."""
        return {
            "commit_to_topic": _between(self.committed, self.on_topic),
            "topic_to_batch": _between(self.on_topic, self.batch_started),
            "batch_to_written": _between(self.batch_started, self.written),
            "commit_to_readable": _between(self.committed, self.written),
        }


def way(clients: Clients, key: str) -> dict[str, Any]:
    """The newest version's way, as far as it has come; raises UnknownPersonError."""
    number = _id(clients, key)
    row = clients.cassandra.execute(QUERIES["by_id"], (UUID(number),)).one()
    if row is None or row.topic_offset is None:
        return {
            "id": number,
            "arrived": False,
            "postgres": {"stored": True},
            "kafka": None,
            "spark": None,
            "cassandra": None,
            "milliseconds": StageTimestamps(None, None, None, None).milliseconds(),
        }
    committed = moment(row.committed_at)
    message = messages.read_one(clients, row.topic_partition, row.topic_offset)
    produced = message.timestamp()[1] if message is not None else None
    on_topic = datetime.fromtimestamp(produced / 1000, UTC) if produced else None
    batch = committed and batches.covering(
        clients, row.topic_partition, row.topic_offset, max(committed, EPOCH) - CLOCKS
    )
    times = StageTimestamps(
        committed,
        on_topic,
        batch.started_at if batch else None,
        batch.written_at if batch else None,
    )
    return {
        "id": number,
        "arrived": not committed or bool(batch) or datetime.now(UTC) - committed > RECORDED,
        "postgres": {"committed_at": iso(committed), "lsn": lsn(row.source_lsn)},
        "kafka": {
            "partition": row.topic_partition,
            "offset": row.topic_offset,
            "at": iso(on_topic),
        },
        "spark": batch
        and {
            "batch_id": batch.batch_id,
            "started_at": iso(batch.started_at),
            "release": batch.release,
            "rows": batch.upserts + batch.deletes,
        },
        "cassandra": {"written_at": iso(times.written)},
        "milliseconds": times.milliseconds(),
    }


def lsn(position: int) -> str:
    """A WAL position as PostgreSQL writes it: 0x16B3748 → "0/16B3748"."""
    return f"{position >> 32:X}/{position & 0xFFFFFFFF:X}"


def _id(clients: Clients, key: str) -> str:
    """The id of the person in PostgreSQL with this id or email."""
    by_id = ID.fullmatch(key) is not None
    if not by_id and "@" not in key:
        raise UnknownPersonError(COMPONENT, "give an id (a UUID) or an email address")
    with clients.postgres() as connection, connection.cursor() as cursor:
        column = "id" if by_id else "email"
        cursor.execute(f"SELECT id::text FROM public.users WHERE {column} = %s LIMIT 1", [key])
        found = cursor.fetchone()
    if found is None:
        raise UnknownPersonError(COMPONENT, "nobody in PostgreSQL has this id or email")
    return str(found[0])


def _between(start: datetime | None, end: datetime | None) -> int | None:
    if start is None or end is None:
        return None
    return round((end - start).total_seconds() * 1000)


def iso(moment: datetime | None) -> str | None:
    """With milliseconds; None for None."""
    return moment.isoformat(timespec="milliseconds") if moment is not None else None
