"""A run stores page after page, and continues after the last stored page when its task died."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ingest.api import ApiRejectedError, ApiUnavailableError
from ingest.page import SortedPage
from ingest.plan import Plan
from ingest.progress import Progress
from ingest.rate_limiter import RateLimiter
from ingest.run import IngestError, IngestRun
from ingest.store import StoredPage

from tests.dags.people import person

URL = "http://people.example/api/"
START = 1_000.0


class Clock:
    def __init__(self) -> None:
        self.now = START
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class InMemoryApi:
    """Always delivers full pages. `broken`: people without a field."""

    def __init__(self, error: Exception | None = None, broken: bool = False) -> None:
        self.error = error
        self.broken = broken
        self.requests: list[tuple[int, int, float]] = []

    def people(self, seed: str, page: int, results: int, timeout_s: float) -> list[Any]:
        self.requests.append((page, results, timeout_s))
        if self.error:
            raise self.error
        if self.broken:
            return [{}] * results
        return [person(n) for n in range(results)]


class InMemoryStore:
    def __init__(self, fail_on_page: int | None = None) -> None:
        self.fail_on_page = fail_on_page
        self.pages: dict[int, int] = {}

    def store(self, page: SortedPage, number: int, timeout_s: float) -> StoredPage:
        if number == self.fail_on_page:
            raise ConnectionError("the task dies")
        self.pages[number] = len(page.accepted)
        return StoredPage(len(page.accepted), [person.reason for person in page.rejected])


class InMemoryProgress:
    def __init__(self) -> None:
        self.progress = Progress()

    def load(self) -> Progress:
        return self.progress

    def save(self, progress: Progress) -> None:
        self.progress = progress


def plan(people: int | None = 7, until: float | None = None, rate: float = 0) -> Plan:
    return Plan("seed", page_size=3, people=people, rate=rate, until=until)


Start = Callable[..., Progress]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def start(clock: Clock) -> Start:
    def start(
        plan: Plan, api: InMemoryApi, store: InMemoryStore, progress: InMemoryProgress
    ) -> Progress:
        limiter = RateLimiter(plan.interval_s, clock)
        return IngestRun(plan, api, store, progress, limiter, clock, clock.sleep).run(URL)

    return start


def test_a_run_stores_exactly_the_people_asked_for(start: Start) -> None:
    store = InMemoryStore()
    result = start(plan(people=7), InMemoryApi(), store, InMemoryProgress())
    assert store.pages == {1: 3, 2: 3, 3: 1}
    assert result == Progress(page=3, fetched=7, stored=7)


def test_a_task_that_died_continues_after_the_last_stored_page(start: Start) -> None:
    progress, store = InMemoryProgress(), InMemoryStore(fail_on_page=2)
    with pytest.raises(ConnectionError):
        start(plan(people=7), InMemoryApi(), store, progress)
    assert progress.load().page == 1

    api, store = InMemoryApi(), InMemoryStore()
    result = start(plan(people=7), api, store, progress)
    assert [page for page, _, _ in api.requests] == [2, 3]
    assert store.pages == {2: 3, 3: 1}
    assert result == Progress(page=3, fetched=7, stored=7)


def test_a_complete_run_asks_for_nothing_again(start: Start) -> None:
    progress, api = InMemoryProgress(), InMemoryApi()
    start(plan(people=7), InMemoryApi(), InMemoryStore(), progress)
    assert start(plan(people=7), api, InMemoryStore(), progress) == progress.load()
    assert api.requests == []


def test_a_run_with_an_end_keeps_its_rate_until_then(start: Start, clock: Clock) -> None:
    store = InMemoryStore()
    start(plan(None, until=START + 10, rate=1), InMemoryApi(), store, InMemoryProgress())
    assert list(store.pages) == [1, 2, 3, 4]
    assert clock.slept == [0, 3, 3, 3]


def test_a_run_whose_end_has_passed_fetches_one_page(start: Start) -> None:
    store = InMemoryStore()
    start(plan(None, until=START - 60, rate=1), InMemoryApi(), store, InMemoryProgress())
    assert list(store.pages) == [1]


def test_the_api_is_retried_until_the_run_ends_and_for_a_minute_at_least(start: Start) -> None:
    api = InMemoryApi()
    start(plan(None, until=START + 63, rate=1), api, InMemoryStore(), InMemoryProgress())
    assert [timeout_s for _, _, timeout_s in api.requests[:3]] == [63, 60, 60]


@pytest.mark.parametrize("error", [ApiUnavailableError("HTTP 503"), ApiRejectedError("HTTP 404")])
def test_an_error_of_the_api_names_page_and_seed(start: Start, error: Exception) -> None:
    with pytest.raises(IngestError, match=f"page 1 of seed seed: {error}"):
        start(plan(), InMemoryApi(error), InMemoryStore(), InMemoryProgress())


def test_a_run_whose_people_were_all_rejected_names_the_last_reason(start: Start) -> None:
    with pytest.raises(IngestError, match=r"all 7 people .* login.uuid: missing"):
        start(plan(), InMemoryApi(broken=True), InMemoryStore(), InMemoryProgress())
