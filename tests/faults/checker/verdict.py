"""The rows of a store beside those that the seed gives."""

from __future__ import annotations

from dataclasses import dataclass

from contract.table.digest import canonical
from contract.table.key import row_key
from contract.table.table import Table
from tests.harness.equality import Rows, differences
from tests.harness.workload.model import Model


@dataclass(frozen=True)
class Verdict:
    """`lost`: rows without their newest change, because the row is missing or an earlier version is
    there. `wrong`: other differences: rows that should not exist, fields with another value.
    `lines`: the differences by key."""

    lost: int
    wrong: int
    lines: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        return not self.lost and not self.wrong

    def __add__(self, other: Verdict) -> Verdict:
        return Verdict(
            self.lost + other.lost, self.wrong + other.wrong, (*self.lines, *other.lines)
        )


def expected_rows(model: Model, table: Table) -> Rows:
    """Key → column → canonical value, as tests.harness.equality reads the stores."""
    return {
        row_key(table, row): dict(
            zip(table.names, canonical(table, [row.get(name) for name in table.names]), strict=True)
        )
        for row in model.rows.by_key.values()
    }


def compare(store: str, expected: Rows, actual: Rows) -> Verdict:
    lost = wrong = 0
    for key in expected.keys() | actual.keys():
        if key not in actual:
            lost += 1
        elif key not in expected:
            wrong += 1
        elif actual[key] != expected[key]:
            is_earlier = int(str(actual[key]["step"])) < int(str(expected[key]["step"]))
            lost, wrong = lost + is_earlier, wrong + (not is_earlier)
    lines = tuple(f"{store}: {line}" for line in differences(expected, actual))
    return Verdict(lost, wrong, lines)
