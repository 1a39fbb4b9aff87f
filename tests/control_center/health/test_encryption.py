"""What `make status` warns of about a server's encryption."""

from __future__ import annotations

import pytest

from control_center.health.encryption import DAY_S, warning

NOW = 1e9


@pytest.mark.parametrize(
    ("accepts_clear_text", "until", "words"),
    [
        (False, None, ""),
        (True, None, "accepts connections in clear text"),
        (False, NOW + 22 * DAY_S, ""),
        (False, NOW + 20 * DAY_S + 1, "expires in 20 days: make up"),
        (False, NOW - 1, "expires in 0 days"),
    ],
)
def test_encryption(accepts_clear_text: bool, until: float | None, words: str) -> None:
    text = warning(accepts_clear_text, until, NOW)
    assert words in text
    assert bool(words) == bool(text)
