"""Text, and types that JSON has as text."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from contract.table.json_path import type_name
from contract.table.kinds.uuid import PATTERN

_UUID = re.compile(PATTERN, re.IGNORECASE | re.ASCII)
_LARGEST_INTEGER = 10**18


def text(value: Any) -> str:
    """Text, or an integer: some APIs give a postcode as either."""
    if type(value) is int:
        if abs(value) >= _LARGEST_INTEGER:
            raise ValueError("is an integer of more than 18 digits, not text")
        return str(value)
    if not isinstance(value, str):
        raise ValueError(f"is {type_name(value)}, not text or an integer")
    return value


def uuid(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"is {type_name(value)}, not text")
    if not _UUID.fullmatch(value):
        raise ValueError("not a UUID")
    return value.lower()


def binary(value: Any) -> bytes:
    """Base64 (RFC 4648), of either alphabet."""
    if not isinstance(value, str):
        raise ValueError(f"is {type_name(value)}, not text in base64")
    try:
        return base64.b64decode(value.translate(_STANDARD), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("not base64") from None


_STANDARD = str.maketrans("-_", "+/")
