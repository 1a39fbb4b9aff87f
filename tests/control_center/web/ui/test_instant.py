"""A point in time has one form on every page: UTC with the zone, and how long ago it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from control_center.web.ui import instant

AT = datetime(2026, 11, 25, 23, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-25T23:11:21.683+00:00",
        "2026-11-25T23:11:21.683510Z",
        "2026-11-25 18:11:21.683-05:00",
        AT + timedelta(milliseconds=683),
    ],
)
def test_all_spellings_have_one_form(written: object) -> None:
    at = instant.parse(written)
    assert at is not None
    assert instant.utc(at) == "2026-11-25 23:11:21.683 UTC"


@pytest.mark.parametrize("other", ["2026-11-25", "2026-13-45T00:00:00Z", "", 7, None, "0 : 12"])
def test_other_values_are_no_moment(other: object) -> None:
    assert instant.parse(other) is None


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "now"), (5, "5 s ago"), (185, "3 min ago"), (7300, "2 h ago"), (-250, "in 4 min")],
)
def test_how_long_ago(seconds: float, expected: str) -> None:
    assert instant.relative(AT, AT.timestamp() + seconds) == expected


def test_the_absolute_time_stands_beside_the_relative_one() -> None:
    now = AT.timestamp() + 185
    assert instant.absolute_and_relative(AT, now) == "2026-11-25 23:11:21 UTC (3 min ago)"
    assert instant.clock(AT.timestamp()) == "23:11:21 UTC"
