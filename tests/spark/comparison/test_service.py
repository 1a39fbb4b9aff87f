"""Which requests are served, and which comparisons are cancelled."""

from __future__ import annotations

import pytest
from riada_stream.comparison.channel import Asked
from riada_stream.comparison.service import PROGRESS_INTERVAL_S, Service

from contract.jobs.compare import OffsetSummary
from contract.jobs.spark_comparison import (
    LEASE_S,
    Answer,
    ComparisonFailure,
    ComparisonProgress,
    ComparisonRequest,
    ComparisonResult,
)
from tests.spark.in_memory import Clock

NOTHING = OffsetSummary(0, 0, 0, 0, 0, 0)


def request(number: str) -> ComparisonRequest:
    return ComparisonRequest(number, "users", (), (), 0)


class InMemoryChannel:
    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answers: list[Answer] = []
        self.is_down = False

    def poll(self) -> list[Asked]:
        asked, self.asked = self.asked, []
        return asked

    def send(self, answer: Answer) -> None:
        if self.is_down:
            raise ConnectionError("no broker")
        self.answers.append(answer)

    def ends(self) -> list[Answer]:
        return [a for a in self.answers if not isinstance(a, ComparisonProgress)]


class InMemoryComparison:
    def __init__(self, of: ComparisonRequest) -> None:
        self.request, self.is_cancelled, self.is_running = of, False, True
        self.answer: ComparisonResult | ComparisonFailure | None = None

    def is_alive(self) -> bool:
        return self.is_running

    def progress(self) -> str:
        return "1 of 9 tasks"

    def cancel(self) -> None:
        self.is_cancelled = True

    def end(self) -> ComparisonResult:
        result = ComparisonResult(self.request.id, "run", {}, 0, 0, NOTHING)
        self.answer, self.is_running = result, False
        return result


class Driver:
    def __init__(self) -> None:
        self.channel, self.clock = InMemoryChannel(), Clock()
        self.begun: list[InMemoryComparison] = []
        self.service = Service(self.channel, self._begin, self.clock)

    def _begin(self, of: ComparisonRequest) -> InMemoryComparison:
        self.begun.append(InMemoryComparison(of))
        return self.begun[-1]

    def step(self, *numbers: str, wanted: bool = True) -> None:
        self.channel.asked = [Asked(request(number), wanted) for number in numbers]
        self.service.step()


@pytest.fixture
def driver() -> Driver:
    return Driver()


def test_a_request_is_served_once_however_often_it_comes(driver: Driver) -> None:
    driver.step("a")
    driver.step("a", "a")
    result = driver.begun[0].end()
    driver.step("a")
    driver.step("a")
    assert len(driver.begun) == 1
    assert driver.channel.ends() == [result]


def test_a_second_request_waits_and_gets_that_answer(driver: Driver) -> None:
    driver.step("a", "b")
    assert driver.channel.answers == [
        ComparisonProgress("a", "1 of 9 tasks"),
        ComparisonProgress("b", "another comparison runs first"),
    ]
    driver.begun[0].end()
    driver.step()
    assert [comparison.request.id for comparison in driver.begun] == ["a", "b"]


def test_progress_is_reported_from_time_to_time(driver: Driver) -> None:
    driver.step("a")
    driver.step()
    assert len(driver.channel.answers) == 1
    driver.clock.sleep(PROGRESS_INTERVAL_S)
    driver.step()
    assert len(driver.channel.answers) == 2


def test_a_cancelled_comparison_ends_without_an_answer(driver: Driver) -> None:
    driver.step("a")
    driver.step("a", wanted=False)
    assert driver.begun[0].is_cancelled
    driver.begun[0].end()
    driver.step("b")
    assert driver.channel.ends() == []
    assert driver.begun[1].request.id == "b"


def test_a_request_that_nobody_repeats_is_cancelled(driver: Driver) -> None:
    driver.step("a")
    driver.clock.sleep(LEASE_S)
    driver.step("a")
    assert not driver.begun[0].is_cancelled
    driver.clock.sleep(LEASE_S + 1)
    driver.step()
    assert driver.begun[0].is_cancelled


def test_an_answer_that_kafka_does_not_take_is_sent_again(driver: Driver) -> None:
    driver.step("a")
    result = driver.begun[0].end()
    driver.channel.is_down = True
    with pytest.raises(ConnectionError):
        driver.step("a")
    driver.channel.is_down = False
    driver.step("a")
    assert driver.channel.ends() == [result]


def test_a_comparison_that_ends_with_its_driver_gives_no_answer(driver: Driver) -> None:
    """The next driver serves the request."""
    driver.step("a")
    driver.begun[0].is_running = False
    driver.step("a")
    assert driver.channel.ends() == []
