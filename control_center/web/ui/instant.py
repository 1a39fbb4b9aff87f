"""The one form of a point in time on all pages: date and time in UTC with the zone, and how long
ago it was."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)", re.ASCII)
_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def parse(value: object) -> datetime | None:
    """An aware datetime, or the text of one in ISO 8601 with a zone; None for anything else."""
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else None
    if isinstance(value, str) and _ISO.fullmatch(value):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except ValueError:
            return None
    return None


def utc(at: datetime) -> str:
    """ "2026-11-25 23:11:21 UTC"; milliseconds if the moment has a fraction of a second."""
    at = at.astimezone(UTC)
    precision = "milliseconds" if at.microsecond else "seconds"
    return f"{at.replace(tzinfo=None).isoformat(sep=' ', timespec=precision)} UTC"


def clock(at: datetime | float) -> str:
    """Time of day of a datetime or of epoch seconds: "23:11:21 UTC"."""
    moment = at if isinstance(at, datetime) else datetime.fromtimestamp(at, UTC)
    return f"{moment.astimezone(UTC):%H:%M:%S} UTC"


def relative(at: datetime | float, now: float | None = None) -> str:
    """ "3 min ago", "in 4 min", "now"; `now` in epoch seconds."""
    epoch = at.timestamp() if isinstance(at, datetime) else at
    seconds = (time.time() if now is None else now) - epoch
    for length, unit in _UNITS:
        if abs(seconds) >= length:
            count = int(abs(seconds) // length)
            return f"{count} {unit} ago" if seconds > 0 else f"in {count} {unit}"
    return "now"


def absolute_and_relative(at: datetime, now: float | None = None) -> str:
    """ "2026-11-25 23:11:21 UTC (3 min ago)"."""
    return f"{utc(at)} ({relative(at, now)})"


def of_epoch(seconds: float | None) -> datetime | None:
    """Epoch seconds as whole seconds in UTC."""
    return None if seconds is None else datetime.fromtimestamp(int(seconds), UTC)
