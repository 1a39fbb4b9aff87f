"""A series in lists."""

from __future__ import annotations

from control_center.pipeline.chunks import chunks


def test_the_last_list_may_be_shorter() -> None:
    assert [*chunks(["a", "b", "c"], 2)] == [["a", "b"], ["c"]]
    assert [*chunks(iter("abcd"), 2)] == [["a", "b"], ["c", "d"]]


def test_a_series_without_items() -> None:
    assert [*chunks([], 2)] == []
