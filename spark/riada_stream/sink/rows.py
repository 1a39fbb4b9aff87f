"""Valid events → rows of people.users."""

from __future__ import annotations

from functools import cache

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from contract.stores.cassandra.cql import columns

# Invariant 3: a row's version is the write timestamp of its cells.
WRITE_TIME = "write_time"

_SOURCE_COLUMNS = {"topic_partition": "partition", "topic_offset": "offset", WRITE_TIME: "version"}


def upserts(validated: DataFrame) -> DataFrame:
    """The table's columns, and after them WRITE_TIME (bigint)."""
    return validated.where("is_valid and not deleted").select(*_columns())


@cache
def _columns() -> list[Column]:
    names = (*columns(), WRITE_TIME)
    return [F.col(_SOURCE_COLUMNS.get(name, name)).alias(name) for name in names]
