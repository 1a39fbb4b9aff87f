"""The domain of each column holds for ingest, for PostgreSQL and for the checksum alike."""

from __future__ import annotations

import copy
import math
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.stores.postgres import constraints
from contract.table.checksum import canonical, checksum
from contract.table.columns import COLUMNS
from contract.table.domain import (
    EARLIEST,
    EARLIEST_MS,
    LATEST,
    LATEST_MS,
    PLACEHOLDER,
    cause,
    outside,
)
from contract.table.instant import EPOCH, milliseconds, moment
from contract.table.randomuser import row as as_row
from tests.harness.strategies import rows

YEAR_1 = -62_135_596_800_000
ROWS = list(rows(2000, values=200))


def put(person: dict[str, Any], path: str, value: Any) -> None:
    *parents, name = path.split(".")
    for parent in parents:
        person = person[parent]
    person[name] = value


def test_values_outside_the_domain_are_recognised() -> None:
    assert any(column for _, column in ROWS)
    for row, column in ROWS:
        assert outside([row[declared.name] for declared in COLUMNS]) == ([column] if column else [])


def test_ingest_rejects_values_outside_the_domain_only(person: dict[str, Any]) -> None:
    for row, column in ROWS:
        given = copy.deepcopy(person)
        for declared in COLUMNS:
            if row[declared.name] is not None or declared.nullable:
                put(given, declared.path, row[declared.name])
            else:
                put(given, declared.path, None)
        if column is None:
            assert canonical(as_row(given)) == canonical(
                [_positive(row[declared.name]) for declared in COLUMNS]
            )
        else:
            (path,) = (declared.path for declared in COLUMNS if declared.name == column)
            with pytest.raises(ValueError, match=f"^{path}: "):
                as_row(given)


def _positive(value: Any) -> Any:
    return value + 0.0 if isinstance(value, float) else value


def test_the_first_and_the_last_moment() -> None:
    assert (moment(EARLIEST_MS), moment(LATEST_MS)) == (EARLIEST, LATEST)
    assert str(EARLIEST) == "1582-10-15 00:00:00+00:00"
    assert moment(LATEST_MS + 1) is None
    assert moment(YEAR_1 - 1) is None


@given(st.datetimes())
def test_every_form_of_a_moment_is_the_same_number(at: datetime) -> None:
    expected = (at.replace(tzinfo=EPOCH.tzinfo) - EPOCH) // timedelta(milliseconds=1)
    iso = at.isoformat()
    for form in (at, expected, iso, f"{iso}Z", f"{iso}+00:00", iso.replace("T", " ") + "+00"):
        assert milliseconds(form) == expected, form


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0001-12-31 00:00:00+00 BC", YEAR_1 - 86_400_000),
        ("0000-12-31T00:00:00Z", YEAR_1 - 86_400_000),
        ("-0043-03-15T00:00:00Z", -63_517_824_000_000),
        ("0044-03-15 00:00:00+00 BC", -63_517_824_000_000),
        ("+12024-01-01T00:00:00Z", 317_273_587_200_000),
        ("12024-01-01 00:00:00+00", 317_273_587_200_000),
        ("2000-01-01T00:00:00+02:00", 946_677_600_000),
        ("2000-01-01 00:00:00-00:00:01", 946_684_801_000),
        ("infinity", None),
        ("-infinity", None),
        ("2001-02-29T00:00:00Z", None),
        ("", None),
    ],
)
def test_moments_that_python_does_not_know(text: str, expected: int | None) -> None:
    assert milliseconds(text) == expected


ODD: list[Any] = [
    None,
    True,
    "",
    "x",
    "infinity",
    [],
    {},
    b"\xff",
    math.nan,
    -math.inf,
    2**70,
    "\ud800",
]


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_a_checksum_accepts_every_stored_value(value: Any) -> None:
    odd = checksum([[value] * len(COLUMNS)])
    assert odd == checksum([[value] * len(COLUMNS)])
    assert odd != checksum([["other"] * len(COLUMNS)])


def test_one_double_is_not_another() -> None:
    (index,) = (number for number, column in enumerate(COLUMNS) if column.name == "latitude")

    def form(value: float) -> Any:
        return canonical([value if n == index else None for n in range(len(COLUMNS))])[index]

    assert form(math.nan) == form(float("nan"))
    assert len({form(value) for value in (0.0, -0.0, 5e-324, math.inf, math.nan)}) == 5


def test_every_timestamp_and_double_has_its_constraint() -> None:
    for column in COLUMNS:
        named = [name for name in constraints.conditions() if f"_{column.name}_" in name]
        assert len(named) == (column.kind in ("timestamp", "double"))
        assert all(len(name) < 64 for name in named), "longer than PostgreSQL's names"
    for column in COLUMNS:
        assert (cause(None, column) is None) == column.nullable


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("id", None, "missing"),
        ("id", "7", "not a UUID"),
        ("email", "x" * 256, "longer than 255 characters"),
        ("email", "a\0", "holds a NUL character or half a surrogate pair"),
        ("email", PLACEHOLDER, f"{PLACEHOLDER} stands for a value that is not known"),
        ("street_number", 2**31, "does not fit 32 bits"),
        ("latitude", math.nan, "not a finite number"),
        ("date_of_birth", EARLIEST_MS - 1, "not a point in time from 1582-10-15 to 9999-12-31"),
    ],
)
def test_the_cause_names_the_limit(name: str, value: Any, expected: str) -> None:
    (column,) = (column for column in COLUMNS if column.name == name)
    assert cause(value, column) == expected


def test_a_row_must_have_a_value_for_every_column() -> None:
    with pytest.raises(ValueError, match=r"zip\(\)"):
        outside(["x"])
