"""The reason why an event is invalid, as text for its dead letter."""

from __future__ import annotations

from collections.abc import Callable

from pyspark.sql import Column as Expression
from pyspark.sql import functions as F

from contract.kafka.events import COMMITTED_MS, LSN, PREFIX_LENGTH, VERSION
from contract.table.columns import COLUMNS, Column
from contract.table.domain import PERIOD, PLACEHOLDER
from riada_stream.source.validation import (
    DOUBLES,
    TEXTS,
    TIMESTAMPS,
    UUID,
    is_outside_domain,
    is_utf8,
    key_is_id,
)

NO_TIME = f"not a timestamp from {PERIOD}"
REQUIRED = tuple(column for column in COLUMNS if not column.nullable)


def rejection_reason() -> Expression:
    """For events that were decoded with LENIENT and validated, and still have `event`."""
    reason = (
        F.when(F.col("value").isNull(), F.lit("null value"))
        .when(F.length("value") == 0, F.lit("empty value"))
        .when(F.expr("substring(value, 1, 1) != X'00'"), _not_avro())
        .when(F.length("value") <= PREFIX_LENGTH, F.lit("truncated: nothing after the schema id"))
        .when(~F.col("has_known_schema"), F.concat(F.lit("unknown schema id "), schema_id_text()))
        .when(F.col("id").isNull() & F.col("source_lsn").isNull(), _not_decodable())
        .when(F.col("key").isNull(), F.lit("null key"))
        .when(F.col("id").isNull(), F.lit("missing field: id"))
        .when(~F.col("id").rlike(UUID), F.lit("id is not a UUID"))
        .when(~key_is_id(), F.lit("the key is not the row's id"))
        .when(F.col("source_lsn").isNull(), F.lit(f"missing field: {LSN}"))
        .when(F.expr("version IS NULL OR version < 0"), F.lit(f"not a version: {VERSION}"))
        .when(F.col(f"event.{COMMITTED_MS}").isNull(), F.lit(f"missing field: {COMMITTED_MS}"))
        .when(F.col("committed_at").isNull(), F.lit(f"{NO_TIME}: {COMMITTED_MS}"))
    )
    for text, is_wrong, columns in (
        ("missing field", _is_missing, REQUIRED),
        (NO_TIME, is_outside_domain, TIMESTAMPS),
        ("not a finite number", is_outside_domain, DOUBLES),
        ("not UTF-8", _is_not_utf8, TEXTS),
        ("too long", _is_too_long, TEXTS),
        ("value not in the event (unchanged large value)", _is_placeholder, TEXTS),
    ):
        names = _names(is_wrong, columns)
        reason = reason.when(names != "", F.concat(F.lit(f"{text}: "), names))
    return reason.otherwise(F.lit("not acceptable"))


def schema_id_text() -> Expression:
    return F.conv(F.hex(F.expr("substring(value, 2, 4)")), 16, 10)


def _names(is_wrong: Callable[[Column], Expression], columns: tuple[Column, ...]) -> Expression:
    """The names of the columns that are wrong, separated by commas."""
    return F.concat_ws(", ", *(F.when(is_wrong(column), F.lit(column.name)) for column in columns))


def _is_missing(column: Column) -> Expression:
    return F.col(f"event.{column.name}").isNull()


def _is_not_utf8(column: Column) -> Expression:
    return ~is_utf8(F.col(column.name))


def _is_too_long(column: Column) -> Expression:
    return F.length(column.name) > column.max_length


def _is_placeholder(column: Column) -> Expression:
    return F.col(column.name) == PLACEHOLDER


def _not_avro() -> Expression:
    first = F.hex(F.expr("substring(value, 1, 1)"))
    return F.concat(F.lit("not Avro in the Confluent wire format: first byte 0x"), first)


def _not_decodable() -> Expression:
    return F.concat(
        F.lit("not decodable by schema "), schema_id_text(), F.lit(": truncated or of other types")
    )
