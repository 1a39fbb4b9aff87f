"""Valid events → rows of the table in Cassandra."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from contract.kafka.offsets import TopicOffset
from contract.stores.cassandra.table import origin_names
from contract.table.table import Table
from riada_stream.source.names import row

_ORIGIN = {"topic_partition": "partition", "topic_offset": "offset"}


def write_time(table: Table) -> str:
    """Invariant 3: a row's version is the write timestamp of its cells. This is the name of the
    column that has it."""
    name = "write_time"
    while name in table.names:
        name += "_"
    return name


def upserts(validated: DataFrame, table: Table) -> DataFrame:
    """The columns of contract.stores.cassandra.table.columns(), and after them write_time()
    (bigint)."""
    return validated.where("is_valid and not deleted").select(*_columns(table))


def message_of(row: Sequence[Any]) -> TopicOffset:
    """The message of a row of upserts(): its last columns are partition, offset, write time."""
    *_, partition, offset, _version = row
    return TopicOffset(partition, offset)


@cache
def _columns(table: Table) -> list[Column]:
    return [
        *(F.expr(row(column)).alias(column.name) for column in table.columns),
        *(
            F.col(_ORIGIN.get(plain, plain)).alias(name)
            for plain, name in origin_names(table).items()
        ),
        F.col("version").alias(write_time(table)),
    ]
