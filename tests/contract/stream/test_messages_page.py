"""Links to the Control Center's page Messages."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from contract.stream import messages_page

MADRID = timezone(timedelta(hours=1))


def test_the_link_has_the_table_and_the_time_in_utc() -> None:
    since = datetime(2026, 11, 27, 0, 30, 15, 250_000, tzinfo=MADRID)
    assert messages_page.url("http://127.0.0.1:9021/", "order lines", since) == (
        "http://127.0.0.1:9021/messages?table=order+lines&since=2026-11-26+23%3A30%3A15"
    )
