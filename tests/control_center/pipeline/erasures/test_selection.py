"""Which rows an erasure concerns."""

from __future__ import annotations

import pytest

from control_center.pipeline.erasures.record import Erasure
from control_center.pipeline.erasures.selection import OneKey, Recorded


def test_one_key_at_any_time() -> None:
    selection = OneKey("7", (7,))
    assert selection.has("7", 1)
    assert selection.has("7", None)
    assert not selection.has("8", 1)


@pytest.mark.parametrize(
    ("values", "texts", "expected"),
    [
        (("ada@example.org",), (b"x", b"\0ada@example.org\1"), True),
        (("ada@example.org",), (b"ada@example", None), False),
        (("ada@example.org", "7b"), (b"7b", b"ada@example.org"), True),
        (("ada@example.org", "7b"), (b"ada@example.org",), False),
        (("ada",), (b"ada",), False),  # in many texts by chance
        ((7,), (b"7",), False),
        (("ada@example.org",), (None, None), False),
    ],
)
def test_bytes_are_searched_for_texts_that_tell_a_row(
    values: tuple[str | int, ...], texts: tuple[bytes | None, ...], expected: bool
) -> None:
    assert OneKey("key", values).is_in(*texts) is expected


def test_recorded_rows_in_changes_from_before_the_end() -> None:
    selection = Recorded({"mark of a": Erasure("mark of a", "users", 1, 10)}, "mark of {}".format)
    assert selection.has("a", 9)
    assert not selection.has("a", 11)
    assert not selection.has("b", 9)
    assert not selection.is_in(b"a")


def test_no_record_needs_no_mark() -> None:
    def no_secret(key: str) -> str:
        raise AssertionError(key)

    assert not Recorded({}, no_secret).has("a", 1)
