"""The type of a column, from the values that a JSON API has shown for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from contract.table.kinds import uuid

_UUID = re.compile(uuid.PATTERN, re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(
    rf"{_DATE.pattern}[T ]\d{{2}}:\d{{2}}(:\d{{2}}(\.\d+)?)?(Z|[+-]\d{{2}}:?\d{{2}})"
)
_LARGEST_INT = 2**63 - 1
# Lengths of texts seen → the length that the column gets.
SHORT, SHORT_COLUMN = 64, 255
_PATTERNS = ((_UUID, "uuid"), (_INSTANT, "timestamptz(3)"), (_DATE, "date"))


def type_of(values: Sequence[Any]) -> str:
    """The type of PostgreSQL that takes every value; nulls are ignored, and text if there are no
    others."""
    present = [value for value in values if value is not None]
    kinds = {type(value) for value in present}
    if not present:
        return "text"
    if kinds & {list, dict}:
        return "jsonb"
    if kinds == {bool}:
        return "bool"
    if kinds == {int} and all(-_LARGEST_INT <= value <= _LARGEST_INT for value in present):
        return "int8"
    if kinds <= {int, float}:
        return "float8"
    if kinds == {str}:
        return _text(present)
    return "text"


def _text(values: Sequence[str]) -> str:
    for pattern, name in _PATTERNS:
        if all(pattern.fullmatch(value) for value in values):
            return name
    longest = max(map(len, values))
    return f"varchar({SHORT_COLUMN})" if longest <= SHORT else "text"
