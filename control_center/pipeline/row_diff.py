"""The differences between two rows of the same person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contract.table.checksum import canonical
from contract.table.columns import NAMES

Row = Sequence[Any]
LISTED = 5


def changed_columns(expected: Row, actual: Row) -> list[str]:
    """Names of the columns whose canonical values differ. The result holds no values, because they
    are personal."""
    values = zip(NAMES, canonical(expected), canonical(actual), strict=True)
    return [name for name, before, after in values if before != after]


@dataclass
class Difference:
    """`missing`: ids without a row; `columns`: id → the columns that differ."""

    missing: list[str] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.missing or self.columns)

    def to_json(self, limit: int = LISTED) -> dict[str, Any]:
        """Counts and the first `limit` ids."""
        return {
            "missing": len(self.missing),
            "missing_first": self.missing[:limit],
            "differing": len(self.columns),
            "differing_first": dict(list(self.columns.items())[:limit]),
        }


def compare(expected: Mapping[str, Row], actual: Mapping[str, Row]) -> Difference:
    """Compares every expected person with the actual row; other people are ignored."""
    difference = Difference()
    for key, row in expected.items():
        if key not in actual:
            difference.missing.append(key)
        elif columns := changed_columns(row, actual[key]):
            difference.columns[key] = columns
    return difference
