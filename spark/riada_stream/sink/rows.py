"""Good events → rows of people.users."""

from __future__ import annotations

from functools import cache

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from contract.cassandra.cql import columns

WRITE_TIME = "write_time"
"""Invariant 3: a row's version is its cells' write timestamp."""

_RENAMED = {"topic_partition": "partition", "topic_offset": "offset", WRITE_TIME: "version"}


def upserts(checked: DataFrame) -> DataFrame:
    """The table's columns, and WRITE_TIME (bigint), which is none of them."""
    return checked.where("good and not deleted").select(*_columns())


@cache
def _columns() -> list[Column]:
    names = (*columns(), WRITE_TIME)
    return [F.col(_RENAMED.get(name, name)).alias(name) for name in names]
