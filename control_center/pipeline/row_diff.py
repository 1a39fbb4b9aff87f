"""Two forms of the same person: in which fields do they differ?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contract.table.checksum import canonical
from contract.table.columns import NAMES

Row = Sequence[Any]


def changed_columns(expected: Row, actual: Row) -> list[str]:
    """Names of the columns whose canonical values differ; values themselves are not told."""
    pairs = zip(NAMES, canonical(expected), canonical(actual), strict=True)
    return [name for name, wanted, got in pairs if wanted != got]


@dataclass
class Difference:
    """People that are missing, and people with differing fields."""

    missing: list[str] = field(default_factory=list)
    fields: dict[str, list[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.missing or self.fields)

    def as_json(self, limit: int = 5) -> dict[str, Any]:
        """Counts and the first few keys."""
        return {
            "missing": len(self.missing),
            "missing_first": self.missing[:limit],
            "differing": len(self.fields),
            "differing_first": dict(list(self.fields.items())[:limit]),
        }


def compare(expected: Mapping[str, Row], actual: Mapping[str, Row]) -> Difference:
    """Every expected person against the actual one; others are not looked at."""
    found = Difference()
    for key, row in expected.items():
        if key not in actual:
            found.missing.append(key)
        elif names := changed_columns(row, actual[key]):
            found.fields[key] = names
    return found
