"""Dates and times of ISO 8601. Fractions of a second that the column cannot hold are cut off."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from contract.table.json_path import type_name

_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?")
_MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
_LOCAL = re.compile(_MOMENT)
_INSTANT = re.compile(_MOMENT + "(Z|[+-][0-9]{2}:[0-9]{2})")


def date(value: Any) -> str:
    """2026-01-31."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError(f"is {type_name(value)}, not an ISO 8601 date")
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        raise ValueError("no such date") from None
    return value


@dataclass(frozen=True)
class Time:
    """12:30, 12:30:01 or 12:30:01.5 → text. `precision`: digits of a second that are kept."""

    precision: int

    def __call__(self, value: Any) -> str:
        if not isinstance(value, str) or not _TIME.fullmatch(value):
            raise ValueError(f"is {type_name(value)}, not an ISO 8601 time without a time zone")
        try:
            time = dt.time.fromisoformat(value)
        except ValueError:
            raise ValueError("no such time") from None
        return time.replace(microsecond=_cut(time.microsecond, self.precision)).isoformat()


@dataclass(frozen=True)
class Timestamp:
    """A date and time without a time zone → a naive datetime."""

    precision: int

    def __call__(self, value: Any) -> dt.datetime:
        if not isinstance(value, str) or not _LOCAL.fullmatch(value):
            raise ValueError(
                f"is {type_name(value)}, not an ISO 8601 date and time without a time zone"
            )
        try:
            moment = dt.datetime.fromisoformat(value)
        except ValueError:
            raise ValueError("no such date") from None
        return moment.replace(microsecond=_cut(moment.microsecond, self.precision))


@dataclass(frozen=True)
class Timestamptz:
    """A date and time with its time zone → a datetime in UTC."""

    precision: int

    def __call__(self, value: Any) -> dt.datetime:
        if not isinstance(value, str) or not _INSTANT.fullmatch(value):
            raise ValueError(f"is {type_name(value)}, not an ISO 8601 instant with its time zone")
        try:
            instant = dt.datetime.fromisoformat(value).astimezone(dt.timezone.utc)
        except (ValueError, OverflowError):
            raise ValueError("no such date") from None
        return instant.replace(microsecond=_cut(instant.microsecond, self.precision))


def _cut(microsecond: int, precision: int) -> int:
    unit: int = 10 ** max(0, 6 - precision)
    return microsecond // unit * unit
