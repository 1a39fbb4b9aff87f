"""A difference in a sentence."""

from __future__ import annotations

from control_center.jobs.smoke_test.checks import counts
from control_center.pipeline.row_diff import Difference


def test_missing_and_differing_rows_are_not_equal() -> None:
    difference = Difference(["a", "b"], {"c": ["city"]})
    expected = "1,997 of 2,000 equal in every field, 2 missing, 1 differing"
    assert counts(2000, difference) == expected
