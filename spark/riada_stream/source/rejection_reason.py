"""The reason why an event is invalid, as text for its dead letter."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyspark.sql import Column as Expression
from pyspark.sql import functions as F

from contract.kafka.events import COMMITTED_MS, LSN, PREFIX_LENGTH, VERSION
from contract.table.column import Column
from contract.table.kinds.milliseconds import PERIOD
from contract.table.kinds.text import IS_PLACEHOLDER, PLACEHOLDER
from contract.table.table import Table
from riada_stream.source.faults import condition
from riada_stream.source.key import compares_bytes, key_is_the_rows
from riada_stream.source.names import event
from riada_stream.source.texts import is_utf8, max_length, texts_of

NO_TIME = f"not a timestamp from {PERIOD}"

# A reason, and the SQL or the expression that finds it in a column.
_Check = tuple[str, Callable[[Column], Expression]]


def rejection_reason(table: Table) -> Expression:
    """An expression for events that were decoded with lenient_reader() and validated, and still
    have `event`."""
    is_empty = F.col("source_lsn").isNull()
    for column in table.key:
        is_empty &= F.expr(f"{event(column)} IS NULL")
    reason = (
        F.when(F.col("value").isNull(), F.lit("null value"))
        .when(F.length("value") == 0, F.lit("empty value"))
        .when(F.expr("substring(value, 1, 1) != X'00'"), _not_avro())
        .when(F.length("value") <= PREFIX_LENGTH, F.lit("truncated: nothing after the schema id"))
        .when(~F.col("has_known_schema"), F.concat(F.lit("unknown schema id "), schema_id_text()))
        .when(is_empty, _not_decodable())
        .when(F.col("key").isNull(), F.lit("null key"))
    )
    reason = _with_columns(reason, table.key)
    if not compares_bytes(table):
        reason = reason.when(~F.col("has_known_key_schema"), F.lit("the key's schema is unknown"))
    reason = (
        reason.when(
            ~F.coalesce(key_is_the_rows(table), F.lit(False)), F.lit("the key is not the row's")
        )
        .when(F.col("source_lsn").isNull(), F.lit(f"missing field: {LSN}"))
        .when(F.expr("version IS NULL OR version < 0"), F.lit(f"not a version: {VERSION}"))
        .when(F.col(f"event.{COMMITTED_MS}").isNull(), F.lit(f"missing field: {COMMITTED_MS}"))
        .when(F.col("committed_at").isNull(), F.lit(f"{NO_TIME}: {COMMITTED_MS}"))
    )
    return _with_columns(reason, table.values).otherwise(F.lit("not acceptable"))


def schema_id_text() -> Expression:
    return F.conv(F.hex(F.expr("substring(value, 2, 4)")), 16, 10)


def _with_columns(reason: Expression, columns: Sequence[Column]) -> Expression:
    """Adds the reasons that columns are to blame for: `too long: city, email`."""
    required = [column for column in columns if not column.nullable]
    reason = _with_names(reason, "missing field", required, _is_missing)
    for text in dict.fromkeys(fault.reason for column in columns for fault in column.faults):
        reason = _with_names(reason, text, columns, _has_fault(text))
    for text, is_wrong in _TEXT_CHECKS:
        reason = _with_names(reason, text, texts_of(columns), is_wrong)
    return reason


def _with_names(
    reason: Expression,
    text: str,
    columns: Sequence[Column],
    is_wrong: Callable[[Column], Expression],
) -> Expression:
    if not columns:
        return reason
    names = F.concat_ws(", ", *(F.when(is_wrong(column), F.lit(column.name)) for column in columns))
    return reason.when(names != "", F.concat(F.lit(f"{text}: "), names))


def _has_fault(text: str) -> Callable[[Column], Expression]:
    def has_fault(column: Column) -> Expression:
        has_one = F.lit(False)
        for fault in column.faults:
            if fault.reason == text:
                has_one |= F.expr(f"{event(column)} IS NOT NULL AND ({condition(column, fault)})")
        return has_one

    return has_fault


def _is_missing(column: Column) -> Expression:
    return F.expr(f"{event(column)} IS NULL")


def _is_not_utf8(column: Column) -> Expression:
    return ~is_utf8(F.expr(event(column)))


def _is_too_long(column: Column) -> Expression:
    limit = max_length(column)
    return F.expr(f"length({event(column)}) > {limit}") if limit else F.lit(False)


def _is_placeholder(column: Column) -> Expression:
    return F.expr(event(column)) == PLACEHOLDER


_TEXT_CHECKS: tuple[_Check, ...] = (
    ("not UTF-8", _is_not_utf8),
    ("too long", _is_too_long),
    (IS_PLACEHOLDER, _is_placeholder),
)


def _not_avro() -> Expression:
    first = F.hex(F.expr("substring(value, 1, 1)"))
    return F.concat(F.lit("not Avro in the Confluent wire format: first byte 0x"), first)


def _not_decodable() -> Expression:
    return F.concat(
        F.lit("not decodable by schema "), schema_id_text(), F.lit(": truncated or of other types")
    )
