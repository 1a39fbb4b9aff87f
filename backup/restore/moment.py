"""The time to which a restore goes back, as a person writes it."""

from __future__ import annotations

import re
from datetime import datetime, timezone

from backup.errors import BackupError

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
EXAMPLE = "for example TIME=5m (five minutes ago) or TIME=2026-11-27T14:03:20+01:00"


def parse(text: str, now: float) -> float:
    """Seconds since 1970, from ISO 8601 (UTC without an offset) or an age such as 90s, 5m, 2h, 1d.
    Raises BackupError."""
    if age := re.fullmatch(r"(\d{1,6})\s*([smhd])", text.strip()):
        return now - int(age[1]) * UNITS[age[2]]
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BackupError(f"TIME={text} is not a time", EXAMPLE) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    if moment.timestamp() > now:
        raise BackupError(f"TIME={text} is in the future", EXAMPLE)
    return moment.timestamp()
