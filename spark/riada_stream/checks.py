"""What an event must be to become a row, and what is wrong with one that is not."""

from __future__ import annotations

from functools import reduce

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from riada_stream.decode import PREFIX_LENGTH
from users.columns import COLUMNS, Column

UUID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
UUID_LENGTH = 36
UNAVAILABLE = "__debezium_unavailable_value"
"""Stands for a large value that an update left as it was: PostgreSQL does not log those again."""

REQUIRED = tuple(column for column in COLUMNS if not column.nullable)
TEXTS = tuple(column for column in COLUMNS if column.kind == "text")
TIMESTAMPS = tuple(column for column in COLUMNS if column.kind == "timestamp")


def checked(events: DataFrame) -> DataFrame:
    """Adds `deleted` and `good` (both true or false, never null), and the columns of the row.

    `good` is cheap, for every event; reason() is for the bad ones.
    """
    columns = [_value(column).alias(column.name) for column in COLUMNS]
    deleted = F.coalesce(F.col("event.__deleted") == "true", F.lit(False))
    return events.select("*", deleted.alias("deleted"), *columns).withColumn(
        "good",
        F.coalesce(_identified() & (F.col("deleted") | (_complete() & _short())), F.lit(False)),
    )


def reason() -> Expression:
    """Why an event is not `good`; null when it is. For the output of checked()."""
    wire = (
        F.when(F.col("value").isNull(), F.lit("null value"))
        .when(F.length("value") == 0, F.lit("empty value"))
        .when(F.expr("substring(value, 1, 1) != X'00'"), _not_avro())
        .when(F.length("value") <= PREFIX_LENGTH, F.lit("truncated: nothing after the schema id"))
        .when(~F.col("known"), F.concat(F.lit("unknown schema id "), schema_id_text()))
        .when(F.col("event.id").isNull() & F.col("event.__source_lsn").isNull(), _not_decodable())
    )
    identity = (
        wire.when(F.col("key").isNull(), F.lit("null key"))
        .when(F.col("id").isNull(), F.lit("missing field: id"))
        .when(~F.col("id").rlike(UUID), F.lit("id is not a UUID"))
        .when(~_key_is_id(), F.lit("the key is not the row's id"))
        .when(F.col("event.__source_lsn").isNull(), F.lit("missing field: __source_lsn"))
        .when(F.col("event.__source_ts_ms").isNull(), F.lit("missing field: __source_ts_ms"))
    )
    fields = (
        (_names(_missing, REQUIRED), "missing field"),
        (_names(_not_a_time, TIMESTAMPS), "not a timestamp"),
        (_names(_too_long, TEXTS), "too long"),
        (_names(_unavailable, TEXTS), "value not in the event (unchanged large value)"),
    )
    told = identity
    for names, what in fields:
        told = told.when(names != "", F.concat(F.lit(f"{what}: "), names))
    return F.when(~F.col("good"), told.otherwise(F.lit("not acceptable")))


def schema_id_text() -> Expression:
    return F.conv(F.hex(F.expr("substring(value, 2, 4)")), 16, 10)


def _value(column: Column) -> Expression:
    value = F.col(f"event.{column.name}")
    return value.cast("timestamp") if column.kind == "timestamp" else value


def _key_is_id() -> Expression:
    """The key is Avro too: its last 36 bytes are the id."""
    return F.expr(f"substring(key, -{UUID_LENGTH})") == F.col("id").cast("binary")


def _identified() -> Expression:
    return (
        _key_is_id()
        & F.col("id").rlike(UUID)
        & F.col("event.__source_lsn").isNotNull()
        & F.col("event.__source_ts_ms").isNotNull()
    )


def _complete() -> Expression:
    return reduce(Expression.__and__, (F.col(column.name).isNotNull() for column in REQUIRED))


def _short() -> Expression:
    """No text is too long or unavailable. Bytes are counted first: characters cost a walk."""
    bound = min(column.max_length for column in TEXTS)
    longest = F.greatest(*(F.octet_length(column.name) for column in TEXTS))
    exact = (~_too_long(column) for column in TEXTS)
    available = (~_unavailable(column) for column in TEXTS)
    return F.when(longest > bound, reduce(Expression.__and__, exact)).otherwise(True) & reduce(
        Expression.__and__, available
    )


def _missing(column: Column) -> Expression:
    return F.col(f"event.{column.name}").isNull()


def _not_a_time(column: Column) -> Expression:
    return F.col(column.name).isNull()


def _too_long(column: Column) -> Expression:
    return F.coalesce(F.length(column.name) > column.max_length, F.lit(False))


def _unavailable(column: Column) -> Expression:
    return F.coalesce(F.col(column.name) == UNAVAILABLE, F.lit(False))


def _names(check, columns: tuple[Column, ...]) -> Expression:
    return F.concat_ws(", ", *(F.when(check(column), F.lit(column.name)) for column in columns))


def _not_avro() -> Expression:
    first = F.hex(F.expr("substring(value, 1, 1)"))
    return F.concat(F.lit("not Avro in the Confluent wire format: first byte 0x"), first)


def _not_decodable() -> Expression:
    return F.concat(
        F.lit("not decodable by schema "), schema_id_text(), F.lit(": truncated or of other types")
    )
