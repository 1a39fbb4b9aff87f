"""People's data as those see it who need not know it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from contract.table.columns import PERSONAL

MASK = "•••"


def masked(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record with every personal column that has a value masked, also below `before`, `after`
    and the like."""
    return {name: _value(name, value) for name, value in record.items()}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return masked(value)
    if value is None:
        return None
    if name in PERSONAL:
        return MASK
    if isinstance(value, list):
        return [_value(name, item) for item in value]
    return value if _is_json(value) else str(value)


def _is_json(value: Any) -> bool:
    """Not so NaN and bytes, which a message of another schema may hold."""
    return isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))
