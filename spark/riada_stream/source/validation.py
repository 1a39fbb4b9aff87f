"""What an event must be to become a row: cheap, for every event."""

from __future__ import annotations

from collections import defaultdict

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from contract.kafka.events import COMMITTED_MS, DELETED, LSN, VERSION
from contract.table.columns import COLUMNS, Column
from contract.table.domain import EARLIEST_MS, LARGEST_DOUBLE, LATEST_MS, PLACEHOLDER

UUID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
TEXTS = tuple(column for column in COLUMNS if column.kind == "text")
TIMESTAMPS = tuple(column for column in COLUMNS if column.kind == "timestamp")
DOUBLES = tuple(column for column in COLUMNS if column.kind == "double")


def checked(events: DataFrame) -> DataFrame:
    """Adds the columns, `deleted`, `beyond` and `good` (never null). Timestamps are numbers:
    no calendar, of the Cassandra connector or of Python, changes those."""
    return events.select(
        "*",
        *(_value(column).alias(column.name) for column in COLUMNS),
        F.col(f"event.{LSN}").alias("source_lsn"),
        _version().alias("version"),
        _in_calendar(F.col(f"event.{COMMITTED_MS}")).alias("committed_at"),
        F.coalesce(F.col(f"event.{DELETED}") == "true", F.lit(False)).alias("deleted"),
        F.lit(False).alias("beyond"),
    ).withColumn("good", F.coalesce(_good(), F.lit(False)))


def bounded(events: DataFrame, bound: int | None) -> DataFrame:
    """Checked events: those of a version beyond the bound are not good, and `beyond` is true."""
    if bound is None:
        return events
    return events.withColumns(
        {
            "beyond": F.col("good") & (F.col("version") > bound),
            "good": F.col("good") & (F.col("version") <= bound),
        }
    )


def key_is_id() -> Expression:
    """The key is Avro too: its last 36 bytes are the id."""
    return F.expr("substring(key, -36)") == F.col("id").cast("binary")


def _version() -> Expression:
    """Invariant 3. Events from before there were versions have epoch 0: their LSN alone."""
    version = F.col(f"event.{VERSION}")
    number = version.cast("long")  # of "3.7" too
    return F.when(version.isNull(), F.col(f"event.{LSN}")).when(
        number.cast("string") == version, number
    )


def is_utf8(text: Expression) -> Expression:
    """Spark takes a text's bytes as they are; what is written would have U+FFFD for those that are
    no character."""
    data = text.cast("binary")
    return F.encode(F.decode(data, "UTF-8"), "UTF-8") == data


def lost(column: Column) -> Expression:
    """Has the event a value that is outside the column's domain, so that _value left it out?"""
    return F.col(column.name).isNull() & F.col(f"event.{column.name}").isNotNull()


def _value(column: Column) -> Expression:
    """As Cassandra gets it; null for a timestamp or a double outside its domain."""
    value = F.col(f"event.{column.name}")
    if column.kind == "timestamp":
        return _in_calendar(F.unix_millis(value.cast("timestamp")))
    if column.kind == "double":
        return F.when(F.abs(value) <= LARGEST_DOUBLE, value)
    return value


def _in_calendar(milliseconds: Expression) -> Expression:
    return F.when(milliseconds.between(EARLIEST_MS, LATEST_MS), milliseconds)


def _good() -> Expression:
    """A delete needs its key alone: a row that is outside the domain may be deleted too."""
    identified = key_is_id() & F.col("id").rlike(UUID) & (F.col("version") >= 0)
    return identified & (F.col("deleted") | _inside_domain())


def _inside_domain() -> Expression:
    good = F.col("committed_at").isNotNull()
    for column in (*TIMESTAMPS, *DOUBLES):
        good &= ~lost(column)
    for max_length, names in _by_length().items():
        good &= F.greatest(*(F.length(name) for name in names)) <= max_length
    names = [column.name for column in TEXTS]
    good &= is_utf8(F.concat_ws("\n", *names))
    texts = F.array(*names)
    return good & ~F.coalesce(F.array_contains(texts, PLACEHOLDER), F.lit(False))


def _by_length() -> dict[int, list[str]]:
    """Longest allowed → names. greatest() takes two or more, and skips nulls."""
    names = defaultdict(lambda: ["id", "id"])
    for column in TEXTS:
        names[column.max_length].append(column.name)
    return names
