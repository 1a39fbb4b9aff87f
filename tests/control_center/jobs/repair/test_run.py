"""A repair in transactions of 500 people, and its counts."""

from __future__ import annotations

from collections.abc import Sequence

from contract.jobs.compare import CompareResult
from contract.jobs.repair import RepairResult
from control_center.jobs.compare.reconcile import reconcile
from control_center.jobs.compare.run import to_result as comparison_result
from control_center.jobs.repair.plan import RepairPlan, plan
from control_center.jobs.repair.run import RepairCounts, repair_mismatches, to_result
from tests.control_center.jobs.compare.in_memory import InMemoryReader, SteppingClock


class InMemorySource:
    """`people`: id → whether the row is inside the domain. `inserted_later`: people who are
    re-inserted between the two transactions."""

    def __init__(self, people: dict[str, bool], inserted_later: Sequence[str] = ()) -> None:
        self.people, self.inserted_later = people, inserted_later
        self.transactions: list[int] = []
        self.erased: list[str] = []

    def republish(self, keys: Sequence[str]) -> RepairPlan:
        self.transactions.append(len(keys))
        return plan(keys, {key: self.people[key] for key in keys if key in self.people})

    def erase(self, keys: Sequence[str]) -> int:
        erased = [key for key in keys if key not in self.inserted_later]
        self.erased += erased
        return len(erased)


def test_mismatches_are_republished_or_erased() -> None:
    source, counts = InMemorySource({"a": True, "b": False, "c": True}), RepairCounts()
    repair_mismatches(source, ["a", "b", "c", "d"], counts)
    assert counts == RepairCounts(republished=2, erased=1, outside_domain=1)
    assert source.erased == ["d"]


def test_a_person_re_inserted_in_the_meantime_is_not_counted_as_erased() -> None:
    source, counts = InMemorySource({}, inserted_later=["a"]), RepairCounts()
    repair_mismatches(source, ["a", "b"], counts)
    assert (counts.erased, source.erased) == (1, ["b"])


def test_a_transaction_has_500_people_at_most() -> None:
    keys = [f"{number:04}" for number in range(1001)]
    source, counts = InMemorySource(dict.fromkeys(keys, True)), RepairCounts()
    repair_mismatches(source, keys, counts)
    assert source.transactions == [500, 500, 1]
    assert counts.republished == 1001


def test_equal_stores_need_no_transaction() -> None:
    source, counts = InMemorySource({}), RepairCounts()
    repair_mismatches(source, [], counts)
    assert (source.transactions, counts) == ([], RepairCounts())


def test_the_result_is_the_comparison_with_the_counts() -> None:
    comparison = comparison_result(reconcile(InMemoryReader(), SteppingClock()), [])
    result = to_result(comparison, RepairCounts(republished=3, erased=2, outside_domain=1))
    assert (result.republished, result.erased, result.outside_domain) == (3, 2, 1)
    assert CompareResult.from_json(result.to_json()) == comparison
    assert RepairResult.from_json(result.to_json()) == result
