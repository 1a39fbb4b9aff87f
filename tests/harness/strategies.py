"""Rows of `users` with values in the domain of each column, at its edges, and outside it."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contract.table.columns import COLUMNS, Column
from contract.table.domain import (
    EARLIEST,
    EARLIEST_MS,
    LARGEST_DOUBLE,
    LARGEST_INT,
    LATEST,
    LATEST_MS,
    PLACEHOLDER,
    SMALLEST_INT,
)

# Column → value in a form that SQL accepts; timestamps are text.
Row = dict[str, Any]

_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
_TEXTS = [
    "",
    " ",
    "\t\r\n",
    "null",
    "\\N",
    "'; --",
    "e\u0301\u0327",  # combining characters, not composed
    "\u200f\u202e\ufeff",
    "\x01\x1f\x7f\x85\ufffe\uffff",
    "\U0010ffff" * 255,
    PLACEHOLDER[:-1],
    f"{PLACEHOLDER} ",
]
_MOMENTS = [
    EARLIEST,
    EARLIEST + timedelta(milliseconds=1),
    datetime(1600, 2, 29, tzinfo=timezone.utc),
    datetime(1969, 12, 31, 23, 59, 59, 999000, timezone.utc),
    datetime(1970, 1, 1, tzinfo=timezone.utc),
    LATEST,
]
_DOUBLES = [0.0, -0.0, 5e-324, sys.float_info.min, LARGEST_DOUBLE, -LARGEST_DOUBLE]
_INTS = [SMALLEST_INT, -1, 0, 1, LARGEST_INT]
_UUIDS = ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"]


def _moment(milliseconds: int) -> datetime:
    return EARLIEST + timedelta(milliseconds=milliseconds - EARLIEST_MS)


def _repeated(column: Column) -> SearchStrategy[str]:
    lengths = st.sampled_from((1, 126, 127, column.max_length - 1, column.max_length))
    return st.builds(lambda character, length: character * length, _CHARACTERS, lengths)


def inside(column: Column) -> SearchStrategy[Any]:
    """Values that every store represents exactly; None where the column is nullable."""
    values: SearchStrategy[Any] = {
        "uuid": st.uuids().map(str),
        "text": st.sampled_from(_TEXTS) | st.text(_CHARACTERS, max_size=6) | _repeated(column),
        "int": st.sampled_from(_INTS) | st.integers(SMALLEST_INT, LARGEST_INT),
        "double": st.sampled_from(_DOUBLES) | st.floats(allow_nan=False, allow_infinity=False),
        "timestamp": (
            st.sampled_from(_MOMENTS) | st.integers(EARLIEST_MS, LATEST_MS).map(_moment)
        ).map(datetime.isoformat),
    }[column.kind]
    return st.none() | values if column.nullable else values


_OUTSIDE: dict[str, list[Any]] = {
    "uuid": ["", "x", "00000000-0000-0000-0000-00000000000g"],
    "text": [PLACEHOLDER, "x" * 256, "\U0010ffff" * 256, "\x00", "a\x00b", "\ud800"],
    "int": [SMALLEST_INT - 1, LARGEST_INT + 1, 10**30],
    "double": [float("nan"), float("inf"), -float("inf")],
    "timestamp": [
        "infinity",
        "-infinity",
        "0001-12-31 23:59:59.999+00 BC",
        "4713-01-01 00:00:00+00 BC",
        "0001-01-01 00:00:00+00",
        "1500-01-01 00:00:00+00",
        "1582-10-14 23:59:59.999+00",
        "10000-01-01 00:00:00+00",
        "294276-12-31 23:59:59.999+00",
    ],
}


def generated(strategy: SearchStrategy[Any], count: int) -> list[Any]:
    """`count` values, the same on each call."""
    values: list[Any] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(value: Any) -> None:
        values.append(value)

    collect()
    return values


def rows(count: int, values: int = 1000, seed: int = 12) -> Iterator[tuple[Row, str | None]]:
    """Rows; one row in four has a column with a value outside its domain, which is yielded too.

    Hypothesis makes `values` values of each kind, because a draw for each field of each row takes
    minutes.
    """
    kinds = {(column.kind, column.nullable): column for column in COLUMNS}
    good = {kind: generated(inside(column), values) for kind, column in kinds.items()}
    bad = {kind: [*_OUTSIDE[kind[0]], *([] if kind[1] else [None])] for kind in kinds}
    chosen = random.Random(seed)
    for number in range(count):
        row = {c.name: chosen.choice(good[c.kind, c.nullable]) for c in COLUMNS}
        edge = number < len(_UUIDS)
        row["id"] = _UUIDS[number] if edge else str(UUID(int=chosen.getrandbits(128)))
        if chosen.randrange(4):
            yield row, None
        else:
            column = chosen.choice(COLUMNS)
            yield row | {column.name: chosen.choice(bad[column.kind, column.nullable])}, column.name
