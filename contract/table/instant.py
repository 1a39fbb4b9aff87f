"""A point in time as milliseconds since 1970 in UTC, by the proleptic Gregorian calendar.

PostgreSQL, Debezium, Spark and Cassandra count in the same form. Python's datetime covers the years
1 to 9999 only, and a store may hold other years.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_DAY = 86_400_000
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
    if isinstance(value, int):
        return value
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
        return (moment - EPOCH) // timedelta(milliseconds=1)
    match = _TEXT.fullmatch(value)
    if not match:
        return None
    year, month, day, hour, minute, second, fraction, sign, *offset, bc = match.groups()
    try:
        days = _days(1 - int(year) if bc else int(year), int(month), int(day))
    except ValueError:
        return None
    seconds = int(hour) * 3600 + int(minute) * 60 + int(second or 0)
    if sign:
        hours, minutes, rest = (int(part or 0) for part in offset)
        seconds -= (hours * 3600 + minutes * 60 + rest) * (1 if sign == "+" else -1)
    return days * _DAY + seconds * 1000 + int((fraction or "").ljust(3, "0")[:3])


def moment(value: int | None) -> datetime | None:
    """Milliseconds → datetime in UTC; None if datetime cannot hold it."""
    if value is None:
        return None
    try:
        return EPOCH + timedelta(milliseconds=value)
    except OverflowError:
        return None


def _days(year: int, month: int, day: int) -> int:
    """The days since 1970; raises ValueError for a day that is not in the calendar, which repeats
    itself every 400 years."""
    cycles, rest = divmod(year - 1, _CYCLE_YEARS)
    return date(rest + 1, month, day).toordinal() + cycles * _CYCLE_DAYS - EPOCH.toordinal()
