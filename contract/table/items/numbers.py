"""Booleans and numbers. A number of JSON is an int, or a Decimal with the digits of the text."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

from contract.table.json_path import type_name

_DECIMAL = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_NUMERIC = re.compile(r"[+-]?[0-9]{1,1000}(\.[0-9]{1,1000})?")


def boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"is {type_name(value)}, not a boolean")
    return value


def integer(value: Any) -> int:
    if type(value) is not int:
        raise ValueError(f"is {type_name(value)}, not an integer")
    return value


def big_integer(value: Any) -> int:
    """Many APIs give numbers of 64 bits as text, since JavaScript cannot hold them."""
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    return integer(value)


def floating(value: Any) -> float:
    """A number, or decimal text. psycopg2 would store -0.0 as 0.0."""
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return float(value) + 0.0
    if type(value) in (int, float, Decimal):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isfinite(number):
            return number + 0.0
    raise ValueError(f"is {type_name(value)}, not a finite decimal number")


def decimal(value: Any) -> Decimal:
    """A number, or decimal text, with all its digits."""
    if isinstance(value, str) and _NUMERIC.fullmatch(value):
        return Decimal(value)
    if type(value) not in (int, Decimal):
        raise ValueError(f"is {type_name(value)}, not a decimal number")
    return Decimal(value)
