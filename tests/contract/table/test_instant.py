"""A point in time is the same number in every form."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.table.instant import EPOCH, microseconds, milliseconds, moment
from contract.table.kinds.milliseconds import EARLIEST, EARLIEST_MS, LATEST, LATEST_MS

YEAR_1 = -62_135_596_800_000


def test_the_first_and_the_last_moment() -> None:
    assert (moment(EARLIEST_MS), moment(LATEST_MS)) == (EARLIEST, LATEST)
    assert str(EARLIEST) == "1582-10-15 00:00:00+00:00"
    assert str(LATEST) == "9999-12-31 23:59:59.999000+00:00"
    assert moment(LATEST_MS + 1) is None
    assert moment(YEAR_1 - 1) is None
    assert moment(None) is None


@given(st.datetimes())
def test_every_form_of_a_moment_is_the_same_number(at: datetime) -> None:
    since = at.replace(tzinfo=EPOCH.tzinfo) - EPOCH
    ms, us = since // timedelta(milliseconds=1), since // timedelta(microseconds=1)
    iso = at.isoformat()
    for form in (at, iso, f"{iso}Z", f"{iso}+00:00", iso.replace("T", " ") + "+00"):
        assert (milliseconds(form), microseconds(form)) == (ms, us), form
    assert (milliseconds(ms), microseconds(us)) == (ms, us)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0001-12-31 00:00:00+00 BC", YEAR_1 - 86_400_000),
        ("0000-12-31T00:00:00Z", YEAR_1 - 86_400_000),
        ("-0043-03-15T00:00:00Z", -63_517_824_000_000),
        ("0044-03-15 00:00:00+00 BC", -63_517_824_000_000),
        ("+12024-01-01T00:00:00Z", 317_273_587_200_000),
        ("12024-01-01 00:00:00+00", 317_273_587_200_000),
        ("2000-01-01T00:00:00+02:00", 946_677_600_000),
        ("2000-01-01 00:00:00-00:00:01", 946_684_801_000),
    ],
)
def test_moments_that_python_does_not_know(text: str, expected: int) -> None:
    assert milliseconds(text) == expected
    assert microseconds(text) == expected * 1000


@pytest.mark.parametrize("text", ["infinity", "-infinity", "2001-02-29T00:00:00Z", ""])
def test_no_moments(text: str) -> None:
    assert milliseconds(text) is None
    assert microseconds(text) is None
