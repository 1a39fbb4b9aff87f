"""The checksum over every field of many rows."""

from __future__ import annotations

import math
import random
from typing import Any
from uuid import UUID

import pytest

from contract.table.column import Column
from contract.table.digest import Checksum, canonical, checksum, digest
from contract.table.kinds.parse import parse
from contract.table.table import Table
from tests.contract.table.kinds.forms import FORMS

# Every kind; the first column is the key.
TABLE = Table(
    "kinds",
    (
        Column("id", parse("uuid")),
        *(Column(f"c{n}", parse(form.spec), nullable=True) for n, form in enumerate(FORMS)),
    ),
    ("id",),
)
FIRST = [form.values[0] for form in FORMS]


def key(number: int) -> str:
    return str(UUID(int=number))


POSTGRES = [key(0), *(value.postgres for value in FIRST)]
ROWS = [[key(number), *POSTGRES[1:]] for number in range(100)]


def test_order_does_not_matter() -> None:
    shuffled = random.Random(1).sample(ROWS, len(ROWS))
    assert shuffled != ROWS
    assert checksum(TABLE, ROWS) == checksum(TABLE, shuffled)
    assert checksum(TABLE, ROWS).count == 100


def test_the_same_row_in_every_store_has_the_same_digest() -> None:
    event = [
        key(0),
        *(
            column.kind.event_value(value.event)
            for column, value in zip(TABLE.values, FIRST, strict=True)
        ),
    ]
    cassandra = [UUID(int=0), *(value.cassandra for value in FIRST)]
    assert canonical(TABLE, POSTGRES) == [key(0), *(value.canonical for value in FIRST)]
    assert digest(TABLE, POSTGRES) == digest(TABLE, event) == digest(TABLE, cassandra)


def test_any_changed_missing_or_doubled_row_shows() -> None:
    complete = checksum(TABLE, ROWS)
    assert checksum(TABLE, ROWS[1:]).total != complete.total
    assert checksum(TABLE, [ROWS[1], *ROWS[1:]]) != complete
    for index, column in enumerate(TABLE.columns):
        changed = list(ROWS[0])
        changed[index] = None
        assert checksum(TABLE, [changed, *ROWS[1:]]) != complete, column.kind.spec


def test_null_is_not_empty_text() -> None:
    table = Table("t", (Column("a", parse("text")),), ("a",))
    assert digest(table, [""]) != digest(table, [None]) != digest(table, ["null"])


def test_a_row_of_another_width_is_an_error() -> None:
    with pytest.raises(ValueError, match=f"a row has {len(TABLE.columns)} values, not 2"):
        canonical(TABLE, POSTGRES[:2])


ODD: list[Any] = [None, True, "", "x", "infinity", [], {}, b"\xff", math.nan, -math.inf, 2**70,
                  "\ud800"]  # fmt: skip


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_a_checksum_accepts_every_stored_value(value: Any) -> None:
    row = [value] * len(TABLE.columns)
    assert digest(TABLE, row) == digest(TABLE, row)
    assert digest(TABLE, row) != digest(TABLE, ["other"] * len(TABLE.columns))


def test_a_float_is_not_another() -> None:
    for spec in ("float4", "float8"):
        kind = parse(spec)
        assert kind.canonical(math.nan) == kind.canonical(float("nan"))
        values = (0.0, -0.0, 1e-45, 5e-324 if spec == "float8" else 3e-45, math.inf, math.nan)
        assert len({kind.canonical(value) for value in values}) == len(values)


def test_text() -> None:
    assert str(Checksum(3, 255)) == f"3:{'0' * 30}ff"
    added = Checksum()
    added.add(2**128 - 1)
    added.add(2)
    assert added == Checksum(2, 1)
