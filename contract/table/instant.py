"""A point in time as milliseconds or microseconds since 1970 in UTC.

PostgreSQL, Debezium, Spark and Cassandra count in the same form, by the proleptic Gregorian
calendar. Python's datetime covers the years 1 to 9999 only, and a store may hold other years.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_DAY_S = 86_400
_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097
_TEXT = re.compile(
    r"([+-]?\d{4,9})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?"
    r"(?:Z|([+-])(\d\d)(?::?(\d\d)(?::?(\d\d))?)?)?( BC)?",
    re.ASCII,
)


def milliseconds(value: datetime | str | int) -> int | None:
    """The milliseconds of a datetime (naive means UTC), of a text (ISO 8601 or PostgreSQL's form of
    it) or of a number of milliseconds; None for a value that is not a point in time, such as
    infinity."""
    return value if isinstance(value, int) else _units(value, 3)


def microseconds(value: datetime | str | int) -> int | None:
    """The same with microseconds."""
    return value if isinstance(value, int) else _units(value, 6)


def moment(value: int | None) -> datetime | None:
    """Milliseconds → datetime in UTC; None if datetime cannot hold it."""
    if value is None:
        return None
    try:
        return EPOCH + timedelta(milliseconds=value)
    except OverflowError:
        return None


def _units(value: datetime | str, digits: int) -> int | None:
    """The point in time in units of 10^-digits seconds."""
    per_second: int = 10**digits
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
        return (moment - EPOCH) // timedelta(microseconds=1_000_000 // per_second)
    match = _TEXT.fullmatch(value)
    if not match:
        return None
    year, month, day, hour, minute, second, fraction, sign, *offset, bc = match.groups()
    try:
        days = _days(1 - int(year) if bc else int(year), int(month), int(day))
    except ValueError:
        return None
    seconds = days * _DAY_S + int(hour) * 3600 + int(minute) * 60 + int(second or 0)
    if sign:
        hours, minutes, rest = (int(part or 0) for part in offset)
        seconds -= (hours * 3600 + minutes * 60 + rest) * (1 if sign == "+" else -1)
    return seconds * per_second + int((fraction or "").ljust(digits, "0")[:digits])


def _days(year: int, month: int, day: int) -> int:
    """The days since 1970; raises ValueError for a day that is not in the calendar, which repeats
    itself every 400 years."""
    cycles, rest = divmod(year - 1, _CYCLE_YEARS)
    return date(rest + 1, month, day).toordinal() + cycles * _CYCLE_DAYS - EPOCH.toordinal()
