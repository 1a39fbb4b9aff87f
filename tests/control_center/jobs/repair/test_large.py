"""The repair of a large table: part by part, and its outcome is another comparison's."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from contract.jobs.compare import OffsetSummary, StoreSummary
from control_center.jobs.compare.outcome import Outcome
from control_center.jobs.compare.reconcile import Comparison
from control_center.jobs.compare.store_digests import StoreDigests
from control_center.jobs.compare.topic_reader import TopicReader
from control_center.jobs.repair import large
from control_center.jobs.repair.large import repair_large
from control_center.jobs.repair.mismatches import RepairCounts
from tests.control_center.jobs.compare.in_memory import InMemoryReader
from tests.control_center.jobs.repair.test_run import InMemorySource
from tests.control_center.sample_tables import USERS

EMPTY = StoreSummary(0, "0" * 32)


def outcome(differing: int) -> Outcome:
    return Outcome(EMPTY, EMPTY, EMPTY, differing, (), 0, OffsetSummary(0, 0, 0, 0, 0, 0))


class InMemoryTable:
    """`parts`: keys that differ. After `await_rows` none does."""

    def __init__(self, only_source: InMemorySource, *parts: Sequence[str]) -> None:
        self.only_source, self.parts = only_source, parts
        self.comparisons = 0
        self.sent_before_the_wait: list[str] = []

    def compare(self, on_differing: Callable[[Comparison], None]) -> Outcome:
        self.comparisons += 1
        for keys in self.parts:
            topic = TopicReader(USERS, InMemoryReader(), {})
            on_differing(Comparison(StoreDigests({}, {}, {}), topic, set(keys), set()))
        return outcome(sum(map(len, self.parts)))

    def source(self, part: Comparison | None) -> InMemorySource:
        return self.only_source

    def await_rows(self) -> None:
        self.sent_before_the_wait = list(self.only_source.republished)
        self.parts = ()


def test_the_rows_of_all_parts_are_sent_together() -> None:
    source, counts = InMemorySource({"a": True, "c": True, "d": False}), RepairCounts()
    table = InMemoryTable(source, ["c", "b"], ["d", "a"])
    assert repair_large(table, counts) == outcome(0)
    assert table.sent_before_the_wait == ["c", "a"]
    assert source.erased == ["b"]
    assert counts == RepairCounts(republished=2, erased=1, outside_domain=1)
    assert table.comparisons == 2


def test_without_a_repair_the_first_comparison_counts() -> None:
    source, counts = InMemorySource({"d": False}), RepairCounts()
    table = InMemoryTable(source, ["d"])
    assert repair_large(table, counts) == outcome(1)
    assert (table.comparisons, counts.outside_domain) == (1, 1)


def test_so_many_keys_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "MOST_KEYS", 3)
    keys = [f"{number}" for number in range(8)]
    source, counts = InMemorySource(dict.fromkeys(keys, True)), RepairCounts()
    repair_large(InMemoryTable(source, keys[:2], keys[2:6], keys[6:]), counts)
    assert source.republished == keys[:3]
    assert counts.republished == 8
