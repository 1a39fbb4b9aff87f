"""A checksum over every field of many rows that does not depend on their order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from contract.table.column import Column
from contract.table.kinds.kind import Canonical
from contract.table.table import Table

MODULUS = 2**128


def canonical(table: Table, row: Sequence[Any]) -> list[Canonical]:
    """The canonical form of each value, equal for the values of PostgreSQL, decoded events and
    Cassandra.

    `row` holds the values in the order of the columns. A value of another kind than its column's,
    or outside its domain, has a text too: one odd value must not end the comparison.
    """
    if len(row) != len(table.columns):
        raise ValueError(f"a row has {len(table.columns)} values, not {len(row)}")
    return [
        canonical_value(column, value) for column, value in zip(table.columns, row, strict=True)
    ]


def canonical_value(column: Column, value: Any) -> Canonical:
    if value is None:
        return None
    try:
        return column.kind.canonical(value)
    except (TypeError, ValueError, OverflowError):
        return f"{type(value).__name__}: {value}"


def digest(table: Table, row: Sequence[Any]) -> int:
    """128 bits over every field; every changed field changes the bits."""
    text = json.dumps(canonical(table, row), ensure_ascii=False, separators=(",", ":"))
    return int.from_bytes(
        blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest(), "big"
    )


@dataclass
class Checksum:
    """Count and sum (mod 2^128) of the rows' digests. Equal sets are equal."""

    count: int = 0
    total: int = 0

    def add(self, row_digest: int) -> None:
        self.count += 1
        self.total = (self.total + row_digest) % MODULUS

    def __str__(self) -> str:
        return f"{self.count}:{self.total:032x}"


def checksum(table: Table, rows: Iterable[Sequence[Any]]) -> Checksum:
    result = Checksum()
    for row in rows:
        result.add(digest(table, row))
    return result
