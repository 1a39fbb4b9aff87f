"""Good events → rows of people.users."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from users.cassandra import ORIGIN
from users.columns import NAMES

WRITE_TIME = "write_time"
"""Invariant 3: the commit's place in the WAL is the cells' write timestamp."""

_ORIGIN_VALUES = {
    "source_lsn": "event.__source_lsn",
    "committed_at": "timestamp_millis(event.__source_ts_ms)",
    "topic_partition": "partition",
    "topic_offset": "offset",
}


def upserts(checked: DataFrame) -> DataFrame:
    """The table's columns, and WRITE_TIME (bigint), which is none of them."""
    origin = [F.expr(_ORIGIN_VALUES[name]).alias(name) for name in ORIGIN]
    return checked.where("good and not deleted").select(
        *NAMES, *origin, F.col("event.__source_lsn").alias(WRITE_TIME)
    )
