"""Are two rows equal? Most values need no canonical form, which costs more than all the rest."""

from __future__ import annotations

from uuid import UUID

from contract.table.digest import canonical_value
from contract.table.table import Table
from control_center.jobs.verification.stores import Row

# Equal values of the same one of these types have the same canonical form. Decimals do not (1.10
# and 1.1), nor do floats (0.0 and -0.0).
_PLAIN = frozenset((str, int, bool, bytes, UUID))


def is_equal(table: Table, expected: Row, actual: Row) -> bool:
    for column, value, other in zip(table.columns, expected, actual, strict=True):
        if value is None or other is None:
            if value is not other:
                return False
            continue
        if type(value) in _PLAIN and type(value) is type(other) and value == other:
            continue
        if canonical_value(column, value) != canonical_value(column, other):
            return False
    return True
