"""The HTTP header Retry-After (RFC 9110, section 10.2.3)."""

from __future__ import annotations

from datetime import datetime, timezone
from email.utils import parsedate_to_datetime


def retry_after_s(header: str | None, now: datetime | None = None) -> float:
    """The seconds that the header asks for, as seconds or as a date; 0 when it asks for none."""
    if not header:
        return 0.0
    if header.strip().isdigit():
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return 0.0
    if until.tzinfo is None:
        until = until.replace(tzinfo=timezone.utc)
    return max(0.0, (until - (now or datetime.now(timezone.utc))).total_seconds())
