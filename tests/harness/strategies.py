"""Rows of any table with values in the domain of each column, at its edges, and outside it.

Values are texts that PostgreSQL reads as the column's type. Hypothesis makes them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contract.stores.postgres.table import writable
from contract.table import key_rule
from contract.table.column import Column
from contract.table.key_rule import KeyPart
from contract.table.kinds.integer import Integer
from contract.table.kinds.kind import Kind
from contract.table.kinds.uuid import Uuid
from contract.table.table import Table
from tests.contract.table.kinds.strategies import inside, outside

# Column → value as text; generated columns are left out.
Row = dict[str, str | None]

SEED = 12
# The keys of the first rows of SEED.
_UUIDS = ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"]


def values_of(column: Column) -> SearchStrategy[str | None]:
    """Values that every store represents exactly; None where the column is nullable."""
    values = inside(column.kind)
    if column.part is not KeyPart.NONE:
        values = values.filter(lambda value: not key_rule.cause(column.kind, column.part, value))
    return st.none() | values if column.nullable else values


def values_outside(column: Column) -> list[str | None]:
    empty = column.part is KeyPart.ALONE and column.kind.is_text
    missing = [] if column.nullable else [None]
    return [*outside(column.kind), *([""] if empty else []), *missing]


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


def rows(
    table: Table, count: int, values: int = 1000, seed: int = SEED
) -> Iterator[tuple[Row, str | None]]:
    """Rows with keys that differ, also from those of another seed. One row in four has a column
    with a value outside its domain, which is yielded too.

    Hypothesis makes `values` values of each kind, because a draw for each field of each row takes
    minutes.
    """
    columns = writable(table)
    kinds = {_kind(column): column for column in columns}
    good = {kind: generated(values_of(column), values) for kind, column in kinds.items()}
    bad = {kind: values_outside(column) for kind, column in kinds.items()}
    # without the columns for which PostgreSQL accepts every value
    spoiled = [column for column in columns if bad[_kind(column)]]
    unique = _unique(table)
    chosen = random.Random(seed)
    for number in range(count):
        row: Row = {c.name: chosen.choice(good[_kind(c)]) for c in columns}
        row[unique.name] = _key(unique, seed, number, chosen)
        if chosen.randrange(4):
            yield row, None
        else:
            column = chosen.choice(spoiled)
            yield row | {column.name: chosen.choice(bad[_kind(column)])}, column.name


def good_rows(table: Table, count: int, values: int = 200, seed: int = SEED) -> list[Row]:
    """Rows with values in the domain of each column, and with different keys."""
    wanted = (row for row, column in rows(table, 2 * count + 20, values, seed) if column is None)
    return [row for _, row in zip(range(count), wanted)]


def _kind(column: Column) -> tuple[Kind, bool, KeyPart]:
    """Columns for which this is equal have the same values."""
    return column.kind, column.nullable, column.part


def _unique(table: Table) -> Column:
    """The column of the key that makes the rows' keys differ."""
    return next(column for column in table.key if isinstance(column.kind, Uuid | Integer))


def _key(column: Column, seed: int, number: int, chosen: random.Random) -> str:
    if isinstance(column.kind, Integer):
        return str(seed * 1_000_000 + number)
    if seed == SEED and number < len(_UUIDS):
        return _UUIDS[number]
    return str(UUID(int=chosen.getrandbits(128)))
