"""How fast a table's rows reached Cassandra in a period, from the records of its batches."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from contract.stores.cassandra import batches
from contract.stores.cassandra import table as cassandra
from contract.stores.cassandra.batches import BatchRecord
from contract.table.instant import EPOCH
from contract.table.table import Table
from tests.harness.platform import Platform

PAGE = 5000


@dataclass(frozen=True)
class Delivery:
    """`rows` are those that were committed in the period; milliseconds are from commit to the end
    of the batch that wrote the row. `gap_s`: the longest time between two batches with rows."""

    rows: int
    p50_ms: int
    p99_ms: int
    gap_s: float

    def __str__(self) -> str:
        return (
            f"{self.rows:,} rows, p50 {self.p50_ms:,} ms, p99 {self.p99_ms:,} ms,"
            f" longest gap {self.gap_s:.1f} s"
        )


def delivery(platform: Platform, table: Table, begin: datetime, end: datetime) -> Delivery:
    """The delivery of the rows that were committed from `begin` to `end`. Every row must be in
    Cassandra already."""
    written = _batches(platform, table, begin)
    waits = _waits(platform, table, begin, end, written)
    return summary(waits, [batch.written_at for batch in written], begin, end)


def summary(
    waits: Sequence[int], moments: Sequence[datetime], begin: datetime, end: datetime
) -> Delivery:
    """`waits`: milliseconds of each row; `moments`: the ends of batches, in order."""
    assert waits, f"no row was committed from {begin} to {end}"
    waits = sorted(waits)
    inside = [moment for moment in moments if begin <= moment <= end]
    gaps = [after - before for before, after in itertools.pairwise([begin, *inside, end])]
    return Delivery(
        rows=len(waits),
        p50_ms=waits[len(waits) // 2],
        p99_ms=waits[len(waits) * 99 // 100],
        gap_s=max(gaps).total_seconds(),
    )


def _batches(platform: Platform, table: Table, since: datetime) -> list[BatchRecord]:
    """The batches with rows, in the order of their ends."""
    days = {since.date(), datetime.now(timezone.utc).date()}
    with platform.cassandra() as session:
        statement = session.prepare(batches.SINCE)
        records = [
            BatchRecord.from_row(row)
            for day in sorted(days)
            for row in session.execute(statement, [table.name, day, since])
        ]
    return sorted(
        (record for record in records if record.upserts or record.deletes),
        key=lambda record: record.written_at,
    )


def _waits(
    platform: Platform, table: Table, begin: datetime, end: datetime, written: list[BatchRecord]
) -> list[int]:
    """Milliseconds of each row, whatever their order."""
    names = cassandra.origin_names(table)
    query = (
        f"SELECT to_unix_timestamp({names['committed_at']}), {names['topic_partition']},"
        f" {names['topic_offset']} FROM {cassandra.qualified(table)}"
    )
    waits = []
    with platform.cassandra() as session:
        session.default_fetch_size = PAGE
        for committed, partition, offset in session.execute(query):
            moment = EPOCH + timedelta(milliseconds=committed)
            if not begin <= moment <= end:
                continue
            batch = next((each for each in written if each.covers(partition, offset)), None)
            assert batch, f"no batch covers {partition}:{offset} of {table.name}"
            waits.append(round((batch.written_at - moment).total_seconds() * 1000))
    return waits
