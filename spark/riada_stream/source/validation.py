"""Decides whether an event can become a row. The checks are cheap, because they run for each
event."""

from __future__ import annotations

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from contract.kafka.events import COMMITTED_MS, DELETED, LSN, VERSION
from contract.table.kinds.milliseconds import EARLIEST_MS, LATEST_MS
from contract.table.table import Table
from riada_stream.source.faults import are_faultless
from riada_stream.source.key import key_is_the_rows
from riada_stream.source.names import event, row_name
from riada_stream.source.texts import are_storable


def validated(events: DataFrame, table: Table) -> DataFrame:
    """Adds the carried form of each of the table's columns (names.py), `source_lsn`, `version`,
    `committed_at`, `deleted`, `is_beyond_bound` and `is_valid` (the last three are never null)."""
    return events.select(
        "*",
        *(
            F.expr(column.kind.spark(event(column))).alias(row_name(column))
            for column in table.columns
        ),
        F.col(f"event.{LSN}").alias("source_lsn"),
        _version().alias("version"),
        _in_calendar(F.col(f"event.{COMMITTED_MS}")).alias("committed_at"),
        F.coalesce(F.col(f"event.{DELETED}") == "true", F.lit(False)).alias("deleted"),
        F.lit(False).alias("is_beyond_bound"),
    ).withColumn("is_valid", F.coalesce(_is_valid(table), F.lit(False)))


def with_bound(events: DataFrame, bound: int | None) -> DataFrame:
    """Validated events. A valid event of a version above the bound becomes invalid, and its
    `is_beyond_bound` true."""
    if bound is None:
        return events
    return events.withColumns(
        {
            "is_beyond_bound": F.col("is_valid") & (F.col("version") > bound),
            "is_valid": F.col("is_valid") & (F.col("version") <= bound),
        }
    )


def _version() -> Expression:
    """Invariant 3. Events from before versions existed have epoch 0: their version is the LSN."""
    version = F.col(f"event.{VERSION}")
    number = version.cast("long")  # accepts "3.7" too
    return F.when(version.isNull(), F.col(f"event.{LSN}")).when(
        number.cast("string") == version, number
    )


def _in_calendar(milliseconds: Expression) -> Expression:
    return F.when(milliseconds.between(EARLIEST_MS, LATEST_MS), milliseconds)


def _is_valid(table: Table) -> Expression:
    """A delete needs its key alone: a row outside the domain may be deleted too."""
    is_identified = key_is_the_rows(table) & are_faultless(table.key) & are_storable(table.key)
    is_identified &= F.col("version") >= 0
    is_inside_domain = F.col("committed_at").isNotNull() & are_faultless(table.values)
    is_inside_domain &= are_storable(table.values)
    return is_identified & (F.col("deleted") | is_inside_domain)
