"""The differences between two rows with the same key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contract.table.digest import canonical
from contract.table.table import Table

Row = Sequence[Any]
LISTED = 5


def changed_columns(table: Table, expected: Row, actual: Row) -> list[str]:
    """Names of the columns whose canonical values differ. The result holds no values, because they
    may be personal."""
    values = zip(table.names, canonical(table, expected), canonical(table, actual), strict=True)
    return [name for name, before, after in values if before != after]


@dataclass
class Difference:
    """`missing`: keys without a row; `columns`: key → the columns that differ."""

    missing: list[str] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.missing or self.columns)

    def to_json(self, limit: int = LISTED) -> dict[str, Any]:
        """Counts and the first `limit` keys."""
        return {
            "missing": len(self.missing),
            "missing_first": self.missing[:limit],
            "differing": len(self.columns),
            "differing_first": dict(list(self.columns.items())[:limit]),
        }


def compare(table: Table, expected: Mapping[str, Row], actual: Mapping[str, Row]) -> Difference:
    """Compares every expected row with the actual one; other rows are ignored."""
    difference = Difference()
    for key, row in expected.items():
        if key not in actual:
            difference.missing.append(key)
        elif columns := changed_columns(table, row, actual[key]):
            difference.columns[key] = columns
    return difference
