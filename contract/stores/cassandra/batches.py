"""people.batches in Cassandra: one record per micro-batch of a table's streaming query.

The job writes the record after all rows of the batch. Spark commits no offsets to a consumer group,
so the end offsets of the newest record are the job's true position.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Protocol

from contract.kafka import retention
from contract.stores.cassandra.keyspace import KEYSPACE

TABLE = f"{KEYSPACE}.batches"
COLUMNS = {
    "job": "text",  # the name of the table
    "day": "date",
    "written_at": "timestamp",
    "batch_id": "bigint",
    "started_at": "timestamp",
    "start_offsets": "text",
    "end_offsets": "text",
    "upserts": "bigint",
    "deletes": "bigint",
    "dead_letters": "bigint",
    "release": "text",
    "driver_id": "text",
    "topic_id": "text",
}
_COLUMNS_CQL = "".join(f"    {name} {kind},\n" for name, kind in COLUMNS.items())
CREATE = f"""\
CREATE TABLE IF NOT EXISTS {TABLE} (
{_COLUMNS_CQL}\
    PRIMARY KEY ((job, day), written_at, batch_id)
) WITH CLUSTERING ORDER BY (written_at DESC, batch_id DESC) \
AND default_time_to_live = {retention.seconds(retention.BATCHES)}"""
# For a table that an earlier release made.
ADD = f"ALTER TABLE {TABLE} ADD IF NOT EXISTS topic_id {COLUMNS['topic_id']}"

# Statements to prepare. INSERT takes BatchRecord.to_row().
# `job` is the name of a table in each.
INSERT = f"INSERT INTO {TABLE} ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
NEWEST = f"SELECT * FROM {TABLE} WHERE job = ? AND day = ? LIMIT ?"
EXISTS = f"SELECT job FROM {TABLE} WHERE job = ? AND day IN ? LIMIT 1"  # days: a list of dates
SINCE = (
    f"SELECT * FROM {TABLE} WHERE job = ? AND day = ? AND written_at >= ?"
    " ORDER BY written_at ASC, batch_id ASC"
)
PROBE = f"SELECT job FROM {TABLE} LIMIT 1"

Offsets = dict[int, int]


class Row(Protocol):
    """A row as the driver returns it: naive datetimes in UTC, offsets as JSON. It has no topic_id
    until the first node of Cassandra has the release that adds the column."""

    batch_id: int
    started_at: datetime
    written_at: datetime
    start_offsets: str
    end_offsets: str
    upserts: int | None
    deletes: int | None
    dead_letters: int | None
    release: str | None
    driver_id: str | None


@dataclass(frozen=True)
class BatchRecord:
    """Offsets are partition → offset; the end is exclusive. Times are aware and in UTC. `topic_id`:
    of the topic that has these offsets, as contract/kafka/topic_id.py; "": unknown."""

    batch_id: int
    started_at: datetime
    written_at: datetime
    start_offsets: Offsets
    end_offsets: Offsets
    upserts: int
    deletes: int
    dead_letters: int
    release: str
    driver_id: str
    topic_id: str = ""

    def to_row(self, table_name: str) -> tuple[object, ...]:
        """The values of COLUMNS, in their order."""
        return (
            table_name,
            self.written_at.date(),
            self.written_at,
            self.batch_id,
            self.started_at,
            json.dumps(self.start_offsets),
            json.dumps(self.end_offsets),
            self.upserts,
            self.deletes,
            self.dead_letters,
            self.release,
            self.driver_id,
            self.topic_id or None,
        )

    @classmethod
    def from_row(cls, row: Row) -> BatchRecord:
        return cls(
            batch_id=row.batch_id,
            started_at=row.started_at.replace(tzinfo=timezone.utc),
            written_at=row.written_at.replace(tzinfo=timezone.utc),
            start_offsets=offsets(row.start_offsets),
            end_offsets=offsets(row.end_offsets),
            upserts=row.upserts or 0,
            deletes=row.deletes or 0,
            dead_letters=row.dead_letters or 0,
            release=row.release or "",
            driver_id=row.driver_id or "",
            topic_id=getattr(row, "topic_id", None) or "",
        )

    def may_be_of(self, topic_id: str) -> bool:
        """Whether its offsets can be those of the topic with this id: an earlier release recorded
        none."""
        return self.topic_id in ("", topic_id)

    def covers(self, partition: int, offset: int) -> bool:
        """A partition that `start_offsets` lacks is new in this batch and begins at 0."""
        return self.start_offsets.get(partition, 0) <= offset < self.end_offsets.get(partition, 0)


def offsets(text: str) -> Offsets:
    """'{"0": 12}' → {0: 12}."""
    return {int(partition): int(offset) for partition, offset in json.loads(text).items()}
