"""The domain of each column: the values that PostgreSQL, Avro, Spark and Cassandra represent
exactly.

For other values PostgreSQL refuses the row (contract/stores/postgres/sql.py), ingest rejects the
person (contract/table/randomuser.py), and the streaming job makes an event a dead letter
(riada_stream/source/validation.py).
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from contract.table.columns import COLUMNS, Column, Kind
from contract.table.instant import milliseconds

EARLIEST = datetime(1582, 10, 15, tzinfo=timezone.utc)
# Timestamps are whole milliseconds. Debezium's snapshots read them by JDBC, which uses the Julian
# calendar before the first day of the Gregorian one: 1500-01-01 became 1500-01-10.
LATEST = datetime.max.replace(tzinfo=timezone.utc) - timedelta(microseconds=999)
PERIOD = f"{EARLIEST.date()} to {LATEST.date()}"
SMALLEST_INT, LARGEST_INT = -(2**31), 2**31 - 1
# Doubles are finite; they include -0.0 and subnormal numbers.
LARGEST_DOUBLE = sys.float_info.max
# Debezium writes this text instead of a value that PostgreSQL has not logged.
PLACEHOLDER = "__debezium_unavailable_value"
UUID_PATTERN = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # canonical; for Python and Java
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # neither PostgreSQL's text nor UTF-8 can hold these


def cause(value: Any, column: Column) -> str | None:
    """Why the column cannot hold this value of its kind; None if it can."""
    if value is None:
        return None if column.nullable else "missing"
    return _CAUSES[column.kind](value, column)


def outside(row: Sequence[Any]) -> list[str]:
    """Names of the columns that cannot hold their values, which are in the order of COLUMNS."""
    pairs = zip(COLUMNS, row, strict=True)
    return [column.name for column, value in pairs if cause(value, column)]


def _uuid(value: Any, column: Column) -> str | None:
    try:
        UUID(str(value))
    except ValueError:
        return "not a UUID"
    return None


def _text(value: str, column: Column) -> str | None:
    if len(value) > column.max_length:
        return f"longer than {column.max_length} characters"
    if UNSTORABLE.search(value):
        return "holds a NUL character or half a surrogate pair"
    if value == PLACEHOLDER:
        return f"{PLACEHOLDER} stands for a value that is not known"
    return None


def _int(value: int, column: Column) -> str | None:
    return None if SMALLEST_INT <= value <= LARGEST_INT else "does not fit 32 bits"


def _double(value: float, column: Column) -> str | None:
    return None if math.isfinite(value) else "not a finite number"


def _timestamp(value: Any, column: Column) -> str | None:
    instant = milliseconds(value)
    if instant is None or not EARLIEST_MS <= instant <= LATEST_MS:
        return f"not a point in time from {PERIOD}"
    return None


def _ms(instant: datetime) -> int:
    converted = milliseconds(instant)
    assert converted is not None
    return converted


EARLIEST_MS, LATEST_MS = _ms(EARLIEST), _ms(LATEST)

_CAUSES: dict[Kind, Callable[[Any, Column], str | None]] = {
    "uuid": _uuid,
    "text": _text,
    "int": _int,
    "double": _double,
    "timestamp": _timestamp,
}
