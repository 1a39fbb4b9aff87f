"""Masks personal values in decoded records."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from contract.table.columns import PERSONAL

MASK = "•••"


def masked(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record with all personal values masked, also in nested records such as `before` and
    `after`. Values that JSON cannot hold become text."""
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
    """Whether JSON can hold the value; a message of another schema may hold NaN or bytes."""
    return isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))
