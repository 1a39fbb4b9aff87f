"""Decides whether an event can become a row. The checks are cheap, because they run for each
event."""

from __future__ import annotations

from collections import defaultdict

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from contract.kafka.events import COMMITTED_MS, DELETED, LSN, VERSION
from contract.table.columns import COLUMNS, Column
from contract.table.domain import EARLIEST_MS, LARGEST_DOUBLE, LATEST_MS, PLACEHOLDER, UUID_PATTERN

UUID = f"^{UUID_PATTERN}$"
TEXTS = tuple(column for column in COLUMNS if column.kind == "text")
TIMESTAMPS = tuple(column for column in COLUMNS if column.kind == "timestamp")
DOUBLES = tuple(column for column in COLUMNS if column.kind == "double")


def validated(events: DataFrame) -> DataFrame:
    """Adds the table's columns, `deleted`, `is_beyond_bound` and `is_valid` (the three are never
    null). Timestamps are numbers, so that no calendar of the Cassandra connector or of Python
    changes them."""
    return events.select(
        "*",
        *(_value(column).alias(column.name) for column in COLUMNS),
        F.col(f"event.{LSN}").alias("source_lsn"),
        _version().alias("version"),
        _in_calendar(F.col(f"event.{COMMITTED_MS}")).alias("committed_at"),
        F.coalesce(F.col(f"event.{DELETED}") == "true", F.lit(False)).alias("deleted"),
        F.lit(False).alias("is_beyond_bound"),
    ).withColumn("is_valid", F.coalesce(_is_valid(), F.lit(False)))


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


def key_is_id() -> Expression:
    """The key is Avro too: its last 36 bytes are the id."""
    return F.expr("substring(key, -36)") == F.col("id").cast("binary")


def is_utf8(text: Expression) -> Expression:
    """Spark keeps a text's bytes as they are. A writer would replace each byte that is not part of
    a character by U+FFFD."""
    data = text.cast("binary")
    return F.encode(F.decode(data, "UTF-8"), "UTF-8") == data


def is_outside_domain(column: Column) -> Expression:
    """Does the event have a value that _value left out?"""
    return F.col(column.name).isNull() & F.col(f"event.{column.name}").isNotNull()


def _version() -> Expression:
    """Invariant 3. Events from before versions existed have epoch 0: their version is the LSN."""
    version = F.col(f"event.{VERSION}")
    number = version.cast("long")  # accepts "3.7" too
    return F.when(version.isNull(), F.col(f"event.{LSN}")).when(
        number.cast("string") == version, number
    )


def _value(column: Column) -> Expression:
    """The value that Cassandra gets; null for a timestamp or a double outside its domain."""
    value = F.col(f"event.{column.name}")
    if column.kind == "timestamp":
        return _in_calendar(F.unix_millis(value.cast("timestamp")))
    if column.kind == "double":
        return F.when(F.abs(value) <= LARGEST_DOUBLE, value)
    return value


def _in_calendar(milliseconds: Expression) -> Expression:
    return F.when(milliseconds.between(EARLIEST_MS, LATEST_MS), milliseconds)


def _is_valid() -> Expression:
    """A delete needs its key alone: a row outside the domain may be deleted too."""
    is_identified = key_is_id() & F.col("id").rlike(UUID) & (F.col("version") >= 0)
    return is_identified & (F.col("deleted") | _is_inside_domain())


def _is_inside_domain() -> Expression:
    is_inside = F.col("committed_at").isNotNull()
    for column in (*TIMESTAMPS, *DOUBLES):
        is_inside &= ~is_outside_domain(column)
    for max_length, names in _texts_by_max_length().items():
        is_inside &= F.greatest(*(F.length(name) for name in names)) <= max_length
    names = [column.name for column in TEXTS]
    is_inside &= is_utf8(F.concat_ws("\n", *names))
    texts = F.array(*names)
    return is_inside & ~F.coalesce(F.array_contains(texts, PLACEHOLDER), F.lit(False))


def _texts_by_max_length() -> dict[int, list[str]]:
    """Maximum length → names of columns. Each list begins with two of `id`, since greatest() takes
    at least two arguments. greatest() skips nulls."""
    names: dict[int, list[str]] = defaultdict(lambda: ["id", "id"])
    for column in TEXTS:
        names[column.max_length].append(column.name)
    return names
