"""Rows that differ are sent again, up to a number of rows per hour, each once per hour."""

from __future__ import annotations

from collections.abc import Sequence

from control_center.jobs.verification.automatic_repair import AT_ONCE, AutomaticRepair
from tests.control_center.jobs.verification.in_memory_stores import Clock


class InMemorySender:
    def __init__(self) -> None:
        self.sent: list[tuple[str, list[str]]] = []

    def send(self, table: str, keys: Sequence[str]) -> int:
        self.sent.append((table, list(keys)))
        return len(keys)


def test_it_is_off_by_default() -> None:
    sender = InMemorySender()
    assert AutomaticRepair(0, sender, Clock()).repair("users", ["1"]) == 0
    assert sender.sent == []


def test_the_limit_is_of_all_tables_and_of_the_last_hour() -> None:
    sender, clock = InMemorySender(), Clock()
    repair = AutomaticRepair(3, sender, clock)
    assert repair.repair("users", ["1", "2"]) == 2
    clock.sleep(1800)
    assert repair.repair("orders", ["7", "8", "9"]) == 1
    assert repair.repair("orders", ["7", "8", "9"]) == 0
    clock.sleep(1800)
    assert repair.repair("orders", ["7", "8", "9"]) == 2
    assert sender.sent == [("users", ["1", "2"]), ("orders", ["7"]), ("orders", ["8", "9"])]


def test_a_row_that_still_differs_is_sent_again_after_an_hour() -> None:
    sender, clock = InMemorySender(), Clock()
    repair = AutomaticRepair(100, sender, clock)
    assert repair.repair("users", ["1"]) == 1
    clock.sleep(3599)
    assert repair.repair("users", ["1"]) == 0
    clock.sleep(1)
    assert repair.repair("users", ["1"]) == 1


def test_a_part_is_bounded() -> None:
    keys = [str(number) for number in range(AT_ONCE + 1)]
    assert AutomaticRepair(10_000, InMemorySender(), Clock()).repair("users", keys) == AT_ONCE
