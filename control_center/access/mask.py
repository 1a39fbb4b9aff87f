"""People's data as those see it who need not know it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from users.columns import PERSONAL

MASK = "•••"


def masked(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record with every personal column that has a value masked, also below `before`, `after`
    and the like."""
    return {name: _value(name, value) for name, value in record.items()}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return masked(value)
    return MASK if name in PERSONAL and value is not None else value
