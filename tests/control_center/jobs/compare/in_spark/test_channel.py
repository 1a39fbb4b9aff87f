"""The rows of one run, each of them once."""

from __future__ import annotations

import json

from contract.jobs.spark_comparison import PLACE_BITS, RowDigests
from control_center.jobs.compare.in_spark.channel import of_run


def values(*rows: tuple[str, int, int, str]) -> list[bytes]:
    """Run, part, place in the part, key; as Spark writes them, without the nulls."""
    return [
        json.dumps({"run": run, "number": (part << PLACE_BITS) + place, "key": key}).encode()
        for run, part, place, key in rows
    ]


def keys(*rows: tuple[str, int, int, str]) -> list[str]:
    return [row.key for row in of_run("now", iter(values(*rows)))]


def test_rows_of_other_runs_are_left_out() -> None:
    assert keys(("before", 0, 0, "a"), ("now", 0, 0, "b"), ("before", 0, 1, "c")) == ["b"]


def test_a_task_that_begins_again_repeats_its_rows() -> None:
    assert keys(
        ("now", 0, 0, "a"), ("now", 1, 0, "x"), ("now", 0, 1, "b"),
        ("now", 0, 0, "a"), ("now", 0, 1, "b"), ("now", 1, 1, "y"), ("now", 0, 2, "c"),
    ) == ["a", "x", "b", "y", "c"]  # fmt: skip


def test_a_row_without_values() -> None:
    [row] = of_run("now", iter(values(("now", 0, 0, "a"))))
    assert row == RowDigests("now", 0, "a")
