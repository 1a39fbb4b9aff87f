"""The times that a person may write."""

from __future__ import annotations

import pytest

from backup.errors import BackupError
from backup.restore.moment import parse

NOW = 1795777821.0


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("90s", NOW - 90),
        ("5m", NOW - 300),
        (" 2 h", NOW - 7200),
        ("1d", NOW - 86400),
        ("2026-11-27T11:10:00Z", NOW - 21),
        ("2026-11-27 12:10:00+01:00", NOW - 21),
        ("2026-11-27 11:10", NOW - 21),
    ],
)
def test_an_age_or_a_time(text: str, moment: float) -> None:
    assert parse(text, NOW) == moment


@pytest.mark.parametrize("text", ["yesterday", "5", "m", "5w", "2026-11-27T11:10:22Z"])
def test_others_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(BackupError, match=f"TIME={text}") as raised:
        parse(text, NOW)
    assert "TIME=5m" in raised.value.remedy
