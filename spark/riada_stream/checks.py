"""What an event must be to become a row: cheap, for every event."""

from __future__ import annotations

from collections import defaultdict

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from riada_stream.decode import COMMITTED_MS, DELETED, LSN, VERSION
from users.columns import COLUMNS, Column

UUID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
UNAVAILABLE = "__debezium_unavailable_value"
"""Stands for a large value that an update left as it was: PostgreSQL does not log those again."""

TEXTS = tuple(column for column in COLUMNS if column.kind == "text")
TIMESTAMPS = tuple(column for column in COLUMNS if column.kind == "timestamp")


def checked(events: DataFrame) -> DataFrame:
    """Adds the events' columns, `deleted` and `good` (both never null)."""
    return events.select(
        "*",
        *(_value(column).alias(column.name) for column in COLUMNS),
        F.col(f"event.{LSN}").alias("source_lsn"),
        _version().alias("version"),
        F.timestamp_millis(F.col(f"event.{COMMITTED_MS}")).alias("committed_at"),
        F.coalesce(F.col(f"event.{DELETED}") == "true", F.lit(False)).alias("deleted"),
    ).withColumn("good", F.coalesce(_good(), F.lit(False)))


def key_is_id() -> Expression:
    """The key is Avro too: its last 36 bytes are the id."""
    return F.expr("substring(key, -36)") == F.col("id").cast("binary")


def _version() -> Expression:
    """Invariant 3. Events from before there were versions have epoch 0: their LSN alone."""
    version = F.col(f"event.{VERSION}")
    return F.when(version.isNull(), F.col(f"event.{LSN}")).otherwise(version.cast("long"))


def _value(column: Column) -> Expression:
    value = F.col(f"event.{column.name}")
    return value.cast("timestamp") if column.kind == "timestamp" else value


def _good() -> Expression:
    good = key_is_id() & F.col("id").rlike(UUID) & (F.col("version") >= 0)
    for column in TIMESTAMPS:
        good &= F.col(column.name).isNotNull()
    for max_length, names in _by_length().items():
        good &= F.greatest(*(F.length(name) for name in names)) <= max_length
    texts = F.array(*(column.name for column in TEXTS))
    return good & ~F.coalesce(F.array_contains(texts, UNAVAILABLE), F.lit(False))


def _by_length() -> dict[int, list[str]]:
    """Longest allowed → names. greatest() takes two or more, and skips nulls."""
    names = defaultdict(lambda: ["id", "id"])
    for column in TEXTS:
        names[column.max_length].append(column.name)
    return names
