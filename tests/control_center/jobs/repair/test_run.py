"""A repair asks for rows again or erases them, and counts both."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from contract.jobs.compare import CompareResult
from contract.jobs.repair import RepairResult
from control_center.jobs.compare.reconcile import reconcile
from control_center.jobs.compare.run import to_result as comparison_result
from control_center.jobs.repair import mismatches
from control_center.jobs.repair.mismatches import RepairCounts, repair_mismatches
from control_center.jobs.repair.plan import RepairPlan, plan
from control_center.jobs.repair.run import to_result
from tests.control_center.jobs.compare.in_memory import InMemoryReader, SteppingClock
from tests.control_center.sample_tables import USERS


class InMemorySource:
    """`rows`: key → whether the row is inside the domain. `unknown`: keys that cannot be erased."""

    def __init__(self, rows: dict[str, bool], unknown: Sequence[str] = ()) -> None:
        self.rows, self.unknown = rows, unknown
        self.planned: list[int] = []
        self.republished: list[str] = []
        self.erased: list[str] = []

    def plan(self, keys: Sequence[str]) -> RepairPlan:
        self.planned.append(len(keys))
        return plan(keys, {key: self.rows[key] for key in keys if key in self.rows})

    def republish(self, keys: Sequence[str]) -> None:
        self.republished += keys

    def erase(self, keys: Sequence[str]) -> int:
        erased = [key for key in keys if key not in self.unknown]
        self.erased += erased
        return len(erased)


def test_mismatches_are_republished_or_erased() -> None:
    source, counts = InMemorySource({"a": True, "b": False, "c": True}), RepairCounts()
    repair_mismatches(source, ["a", "b", "c", "d"], counts)
    assert counts == RepairCounts(republished=2, erased=1, outside_domain=1)
    assert (source.republished, source.erased) == (["a", "c"], ["d"])


def test_only_erased_rows_are_counted() -> None:
    source, counts = InMemorySource({}, unknown=["a"]), RepairCounts()
    repair_mismatches(source, ["a", "b"], counts)
    assert (counts.erased, source.erased) == (1, ["b"])


def test_many_keys_are_planned_in_parts_and_requested_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mismatches, "AT_ONCE", 500)
    keys = [f"{number:04}" for number in range(1001)]
    source, counts = InMemorySource(dict.fromkeys(keys, True)), RepairCounts()
    repair_mismatches(source, keys, counts)
    assert source.planned == [500, 500, 1]
    assert source.republished == keys
    assert counts.republished == 1001


def test_equal_stores_need_no_plan() -> None:
    source, counts = InMemorySource({}), RepairCounts()
    repair_mismatches(source, [], counts)
    assert (source.planned, counts) == ([], RepairCounts())


def test_the_result_is_the_comparison_with_the_counts() -> None:
    comparison = comparison_result(
        USERS, reconcile(InMemoryReader(), SteppingClock()).outcome(), []
    )
    result = to_result(comparison, RepairCounts(republished=3, erased=2, outside_domain=1))
    assert (result.republished, result.erased, result.outside_domain) == (3, 2, 1)
    assert CompareResult.from_json(result.to_json()) == comparison
    assert RepairResult.from_json(result.to_json()) == result
