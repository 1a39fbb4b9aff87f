"""A table shows texts, and sorts by the values behind them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from control_center.web.ui.table import NAME, NOTHING, ORDER, milliseconds, size, table_rows


def ordered(values: list[Any]) -> list[str]:
    """The texts of a column in the order of its numbers."""
    rows = table_rows(["n"], [{"n": value} for value in values])
    return [row["n"] for row in sorted(rows, key=lambda row: row[ORDER]["n"])]


def test_numbers_are_sorted_as_numbers() -> None:
    assert ordered([8, 189_222, 0, 25, 116]) == ["0", "8", "25", "116", "189,222"]
    assert ordered([10.5, 2.25, 0.125]) == ["0.125", "2.2", "10.5"]


def test_sizes_and_durations_are_sorted_by_their_amount() -> None:
    assert ordered([size(5 << 20), size(999), size(2048)]) == ["999 B", "2.0 KiB", "5.0 MiB"]
    assert ordered([milliseconds(1200), milliseconds(90)]) == ["90 ms", "1,200 ms"]


def test_moments_are_sorted_by_time() -> None:
    early, late = "2026-11-25T23:59:59+00:00", datetime(2026, 11, 26, tzinfo=UTC)
    assert ordered([late, early])[0].startswith("2026-11-25 23:59:59 UTC (")


def test_an_unknown_value_has_no_place_in_the_order() -> None:
    [row] = table_rows(["a", "b", "c"], [{"a": None, "b": "", "c": size(None)}])
    assert (row["a"], row["b"], row["c"]) == (NOTHING, NOTHING, NOTHING)
    assert set(row[ORDER].values()) == {None}


def test_texts_keep_their_words() -> None:
    [row] = table_rows(["a", "b", "c"], [{"a": True, "b": ["x", 2], "c": {"k": 1000}}])
    assert (row["a"], row["b"], row["c"]) == ("yes", "x, 2", "k: 1,000")


def test_a_row_is_named_or_numbered() -> None:
    rows = table_rows(["a"], [{"a": 1, NAME: "0 : 7"}, {"a": 2}])
    assert [row["_"] for row in rows] == ["0 : 7", 1]
