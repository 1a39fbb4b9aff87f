"""Differences between two stores name the row, the column and both values."""

from __future__ import annotations

from tests.harness.equality import differences

ROW = {"id": "a", "n": 1}


def test_equal_stores_have_none() -> None:
    assert differences({"a": ROW}, {"a": dict(ROW)}) == []


def test_a_row_that_only_one_store_has() -> None:
    assert differences({"a": ROW}, {}) == ["a: missing"]
    assert differences({}, {"a": ROW}) == ["a: unexpected"]


def test_a_value_that_differs_also_in_its_type() -> None:
    assert differences({"a": ROW}, {"a": ROW | {"n": None}}) == ["a: n is None, not 1"]
    assert differences({"a": ROW}, {"a": ROW | {"n": "1"}}) == ["a: n is '1', not 1"]
