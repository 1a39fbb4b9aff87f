"""json and jsonb."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any


def document(value: Any) -> str:
    """The text of any value of JSON. Numbers keep their digits. Raises ValueError for NaN."""
    try:
        return _document(value)
    except RecursionError:
        raise ValueError("has too many levels") from None


def _document(value: Any) -> str:
    if isinstance(value, dict):
        pairs = (f"{_text(name)}:{_document(item)}" for name, item in value.items())
        return f"{{{','.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{','.join(_document(item) for item in value)}]"
    if isinstance(value, Decimal):
        return str(value)
    try:
        return _text(value)
    except ValueError:
        raise ValueError("holds a number that is not finite") from None


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
