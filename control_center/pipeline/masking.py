"""Masks personal values in decoded records."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from contract.table.debezium_names import field_name
from contract.table.table import Table

MASK = "•••"


def masked(table: Table, record: Mapping[str, Any]) -> dict[str, Any]:
    """The record of a row with all personal values masked, also in nested records such as `before`
    and `after`. Values that JSON cannot hold become text."""
    return _record(_personal(table), record)


def shown(value: Any) -> Any:
    """The value, as text if JSON cannot hold it."""
    if isinstance(value, list):
        return [shown(item) for item in value]
    return value if value is None or _is_json(value) else str(value)


@lru_cache(maxsize=256)
def _personal(table: Table) -> frozenset[str]:
    """Names of columns and of fields. A column that is not delivered has no flag in the table's
    file, so it counts as personal."""
    hidden = table.personal | table.not_delivered
    return hidden | {field_name(name) for name in hidden}


def _record(personal: Collection[str], record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(personal, name, value) for name, value in record.items()}


def _value(personal: Collection[str], name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in personal:
        return MASK
    if isinstance(value, Mapping):
        return _record(personal, value)
    if isinstance(value, list):
        return [_value(personal, name, item) for item in value]
    return shown(value)


def _is_json(value: Any) -> bool:
    """Whether JSON can hold the value; a message of another schema may hold NaN or bytes."""
    return isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))
