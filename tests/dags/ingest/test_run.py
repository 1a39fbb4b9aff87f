"""A run stores page after page, and continues after the last stored page when its task died."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from ingest.api import ApiRejectedError, ApiUnavailableError, SourceApi
from ingest.page import SortedPage
from ingest.plan import Plan
from ingest.progress import Progress
from ingest.rate_limiter import RateLimiter
from ingest.run import IngestError, IngestRun
from ingest.store import StoredPage

from contract.table.source_pages import Page
from tests.dags.ingest.server import Answer, Asked, Server
from tests.dags.people import person
from tests.dags.tables import READINGS, USERS, reading

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
    """Always delivers full pages, until `last`. `broken`: people without a field."""

    def __init__(
        self, error: Exception | None = None, broken: bool = False, last: int | None = None
    ) -> None:
        self.error = error
        self.broken = broken
        self.last = last
        self.requests: list[tuple[str, int | None, float]] = []

    def page(self, cursor: str, size: int | None, timeout_s: float) -> Page:
        self.requests.append((cursor, size, timeout_s))
        if self.error:
            raise self.error
        number = int(cursor or 1)
        assert self.last is None or number <= self.last, "the source has ended"
        items = [{} if self.broken else person(n) for n in range(size or 3)]
        return Page(items, None if number == self.last else str(number + 1))


class InMemoryStore:
    def __init__(self, fail_on_page: int | None = None) -> None:
        self.fail_on_page = fail_on_page
        self.pages: dict[int, int] = {}
        self.rows: list[Any] = []

    def store(self, page: SortedPage, number: int, timeout_s: float) -> StoredPage:
        if number == self.fail_on_page:
            raise ConnectionError("the task dies")
        self.pages[number] = len(page.accepted)
        self.rows += [accepted.row for accepted in page.accepted]
        return StoredPage(len(page.accepted), [reject.reason for reject in page.rejected])


class InMemoryProgress:
    def __init__(self) -> None:
        self.progress = Progress()

    def load(self) -> Progress:
        return self.progress

    def save(self, progress: Progress) -> None:
        self.progress = progress


def plan(count: int | None = 7, until: float | None = None, rate: float = 0) -> Plan:
    return Plan("seed", page_size=3, count=count, rate=rate, until=until)


Start = Callable[..., Progress]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def start(clock: Clock) -> Start:
    def start(
        plan: Plan, api: InMemoryApi, store: InMemoryStore, progress: InMemoryProgress
    ) -> Progress:
        limiter = RateLimiter(plan.rate, clock)
        return IngestRun(USERS, plan, api, store, progress, limiter, clock, clock.sleep).run(URL)

    return start


def test_a_run_stores_exactly_the_items_asked_for(start: Start) -> None:
    store = InMemoryStore()
    result = start(plan(count=7), InMemoryApi(), store, InMemoryProgress())
    assert store.pages == {1: 3, 2: 3, 3: 1}
    assert result == Progress(page=3, fetched=7, stored=7, cursor="4")


def test_a_task_that_died_continues_after_the_last_stored_page(start: Start) -> None:
    progress, store = InMemoryProgress(), InMemoryStore(fail_on_page=2)
    with pytest.raises(ConnectionError):
        start(plan(count=7), InMemoryApi(), store, progress)
    assert progress.load().page == 1

    api, store = InMemoryApi(), InMemoryStore()
    result = start(plan(count=7), api, store, progress)
    assert [cursor for cursor, _, _ in api.requests] == ["2", "3"]
    assert store.pages == {2: 3, 3: 1}
    assert result.counts() == Progress(page=3, fetched=7, stored=7).counts()


def test_a_complete_run_asks_for_nothing_again(start: Start) -> None:
    progress, api = InMemoryProgress(), InMemoryApi()
    start(plan(count=7), InMemoryApi(), InMemoryStore(), progress)
    assert start(plan(count=7), api, InMemoryStore(), progress) == progress.load()
    assert api.requests == []


def test_a_run_ends_at_the_end_of_its_source(start: Start) -> None:
    progress, store = InMemoryProgress(), InMemoryStore()
    start(plan(None, until=START + 1_000), InMemoryApi(last=4), store, progress)
    assert list(store.pages) == [1, 2, 3, 4]
    api = InMemoryApi()
    start(plan(None, until=START + 1_000), api, InMemoryStore(), progress)
    assert api.requests == []


def test_a_source_without_items_is_a_success() -> None:
    class EmptyApi:
        def page(self, cursor: str, size: int | None, timeout_s: float) -> Page:
            return Page([], None)

    run = IngestRun(USERS, plan(None), EmptyApi(), InMemoryStore(), InMemoryProgress())
    assert run.run(URL) == Progress(page=1, cursor=None)


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
def test_an_error_of_the_api_names_page_and_run(start: Start, error: Exception) -> None:
    with pytest.raises(IngestError, match=f"page 1 of seed: {error}"):
        start(plan(), InMemoryApi(error), InMemoryStore(), InMemoryProgress())


def test_a_run_whose_items_were_all_rejected_names_the_last_reason(start: Start) -> None:
    with pytest.raises(IngestError, match=r"all 7 items .* login.uuid: missing"):
        start(plan(), InMemoryApi(broken=True), InMemoryStore(), InMemoryProgress())


def test_a_killed_run_with_a_cursor_continues_at_its_cursor(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The API's cursors are opaque, and differ in each listing from the start."""
    monkeypatch.setenv("SOURCE_READINGS", "key")
    assert READINGS.source
    source = replace(READINGS.source, url=server.url)
    pages = {"": ("tok-1", [1, 2]), "tok-1": ("tok-2", [2, 3]), "tok-2": (None, [4])}

    def answer(asked: Asked) -> Answer:
        following, seconds = pages[asked.query.get("cursor", "")]
        items = [reading("s", second) for second in seconds]
        return 200, {}, json.dumps({"data": {"items": items}, "meta": {"next": following}})

    server.answer = answer
    complete = Plan("run", page_size=2, count=None, rate=0, until=None)
    progress, store = InMemoryProgress(), InMemoryStore(fail_on_page=2)

    def run(store: InMemoryStore) -> Progress:
        return IngestRun(READINGS, complete, SourceApi(source, {}), store, progress).run(URL)

    with pytest.raises(ConnectionError):
        run(store)
    rest = InMemoryStore()
    result = run(rest)
    cursors = [request.query.get("cursor") for request in server.requests]
    assert cursors == [None, "tok-1", "tok-1", "tok-2"]
    assert result.counts() == {
        "page": 3, "fetched": 5, "stored": 5, "rejected": 0, "repeated": 0
    }  # fmt: skip
    assert [row[1].second for row in [*store.rows, *rest.rows]] == [1, 2, 2, 3, 4]
