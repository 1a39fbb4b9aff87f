"""The threads of other databases."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from capture.clients.source import UnavailableError
from capture.databases.others import Others, Report
from capture.manager import TopicsMissingError
from tests.harness.wait import eventually

Step = Callable[[], tuple[bool, bool]]


class Databases:
    """Those of the release, those captured before, and the steps of each."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.before: set[str] = set()
        self.reports: list[str] = []
        self.steps: dict[str, int] = {}
        self.failing: dict[str, Exception] = {}
        self.others = Others(
            self.follow, lambda: self.names, self.captured, self.reports.append, self.sleep
        )

    def follow(self, name: str, report: Report) -> Step:
        def step() -> tuple[bool, bool]:
            if error := self.failing.pop(name, None):
                raise error
            self.steps[name] = self.steps.get(name, 0) + 1
            return True, name not in self.names

        return step

    def captured(self) -> set[str]:
        if error := self.failing.pop("captured", None):
            raise error
        return self.before

    def sleep(self, _: float) -> None:
        threading.Event().wait(0.01)

    def has_stepped(self, name: str, times: int) -> None:
        eventually(lambda: self.steps.get(name, 0) >= times, f"{name} steps", 10, 0.02)


@pytest.fixture
def databases() -> Databases:
    return Databases()


def test_a_fault_of_one_database_stops_no_other(databases: Databases) -> None:
    databases.names = {"crm", "shop"}
    databases.failing["shop"] = RuntimeError("a fault")
    databases.others.start()
    databases.has_stepped("crm", 3)
    databases.has_stepped("shop", 3)
    assert any(line.startswith("shop: ") and "a fault" in line for line in databases.reports)


def test_a_database_that_left_while_the_manager_was_away_is_ended(databases: Databases) -> None:
    databases.before = {"shop"}
    databases.failing["captured"] = UnavailableError("Kafka: away")
    databases.others.start()
    assert databases.steps == {}
    for _ in range(3):
        databases.others.start()
    databases.has_stepped("shop", 1)
    threading.Event().wait(0.1)
    databases.others.start()
    assert databases.steps == {"shop": 1}
    databases.names = {"shop"}  # it comes back
    databases.others.start()
    databases.has_stepped("shop", 3)


def test_missing_topics_are_raised_to_the_process(databases: Databases) -> None:
    databases.names = {"shop"}
    databases.failing["shop"] = TopicsMissingError("riada.shop.public.orders")

    def is_raised() -> bool:
        try:
            databases.others.start()
        except TopicsMissingError:
            return True
        return False

    eventually(is_raised, "the missing topics are raised", 10, 0.02)
