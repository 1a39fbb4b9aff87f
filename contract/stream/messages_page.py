"""The Control Center's page Messages, to which other programs link."""

from __future__ import annotations

from datetime import datetime, timezone
from urllib.parse import urlencode

PATH = "/messages"


def url(base: str, table: str, since: datetime) -> str:
    """The page with the messages of a table from a time on. `base`: http://127.0.0.1:9021."""
    time = since.astimezone(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
    return f"{base.rstrip('/')}{PATH}?{urlencode({'table': table, 'since': time})}"
