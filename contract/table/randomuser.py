"""One person of the randomuser API 1.4 → one row of `users`, or the reason why not."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from contract.table.columns import COLUMNS, Column
from contract.table.domain import LARGEST_DOUBLE, UNSTORABLE, UUID_PATTERN, cause

UUID = re.compile(UUID_PATTERN, re.IGNORECASE | re.ASCII)
DECIMAL = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")
INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
SECRETS = frozenset({"password", "salt", "md5", "sha1", "sha256"})
DEPTH = 20  # a person of the API has 4 levels


def row(person: Any) -> tuple[Any, ...]:
    """The person's values in the order of COLUMNS: str, int, float, aware UTC datetime or None.

    Raises ValueError("<API path>: <cause>"); causes name types and limits, never a value.
    """
    return tuple(_value(person, column) for column in COLUMNS)


def without_secrets(value: Any, depth: int = 0) -> Any:
    """A copy that jsonb can hold, without password, salt and hashes, for a person of any shape.

    Of `login` only uuid and username are kept; characters and numbers that JSON in PostgreSQL
    cannot hold become U+FFFD and text.
    """
    if depth > DEPTH:
        return f"(deeper than {DEPTH} levels)"
    if isinstance(value, dict):
        return {
            _storable(str(key)): without_secrets(
                _login(item) if key == "login" else item, depth + 1
            )
            for key, item in value.items()
            if key not in SECRETS
        }
    if isinstance(value, list):
        return [without_secrets(item, depth + 1) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return _storable(value) if isinstance(value, str) else value


def _login(login: Any) -> Any:
    if not isinstance(login, dict):
        return f"({type(login).__name__})"
    return {key: login[key] for key in ("uuid", "username") if key in login}


def _storable(text: str) -> str:
    return UNSTORABLE.sub("\ufffd", text)


def _value(person: Any, column: Column) -> Any:
    value = person
    for name in column.path.split("."):
        if value is None and column.nullable:
            return None
        if not isinstance(value, dict):
            raise ValueError(f"{column.path}: missing, its parent is {_type(value)}, not an object")
        value = value.get(name)
    if value is None:
        if column.nullable:
            return None
        raise ValueError(f"{column.path}: missing")
    try:
        stored = CONVERT[column.kind](value, column)
        if outside := cause(stored, column):
            raise ValueError(outside)
    except ValueError as error:
        raise ValueError(f"{column.path}: {error}") from None
    return stored


def _uuid(value: Any, column: Column) -> str:
    text = _text(value, column)
    if not UUID.fullmatch(text):
        raise ValueError("not a UUID")
    return text.lower()


def _text(value: Any, column: Column) -> str:
    if column.or_number and type(value) is int:
        value = str(value) if abs(value) < 10**18 else "9" * (column.max_length + 1)
    if not isinstance(value, str):
        raise ValueError(f"is {_type(value)}, not text{' or an integer' * column.or_number}")
    return value


def _int(value: Any, column: Column) -> int:
    if type(value) is not int:
        raise ValueError(f"is {_type(value)}, not an integer")
    return value


def _double(value: Any, column: Column) -> float:
    """The API gives degrees as text; numbers are accepted too. psycopg2 would store -0.0 as 0.0."""
    decimal = isinstance(value, str) and DECIMAL.fullmatch(value)
    if not decimal and (type(value) not in (int, float) or not abs(value) <= LARGEST_DOUBLE):
        raise ValueError(f"is {_type(value)}, not a finite decimal number")
    return float(value) + 0.0


def _timestamp(value: Any, column: Column) -> datetime:
    if not isinstance(value, str) or not INSTANT.fullmatch(value):
        raise ValueError(f"is {_type(value)}, not an ISO 8601 instant with its time zone")
    try:
        instant = datetime.fromisoformat(value).astimezone(timezone.utc)
    except (ValueError, OverflowError):
        raise ValueError("no such date") from None
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


CONVERT: dict[str, Callable[[Any, Column], Any]] = {
    "uuid": _uuid,
    "text": _text,
    "int": _int,
    "double": _double,
    "timestamp": _timestamp,
}


def _type(value: Any) -> str:
    names = {
        str: "text",
        bool: "a boolean",
        int: "an integer",
        float: "a fraction",
        list: "a list",
        dict: "an object",
        type(None): "null",
    }
    return names.get(type(value), type(value).__name__)
