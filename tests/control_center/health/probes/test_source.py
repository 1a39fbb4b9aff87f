"""The sources of the tables: answers with items, without them, and in another format."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from contract.errors import UnreachableError
from contract.health.details.source import SourceDetails
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from contract.table import file
from contract.table.pagination import PageNumber
from contract.table.source import Source
from contract.table.table import Table
from control_center.health.probes.source import (
    Answer,
    Answers,
    Request,
    evaluate,
    is_continuous,
    is_foreign,
    request_of,
)
from tests.control_center.health.stages.in_memory import clients
from tests.control_center.health.tables import USERS

URL = "http://randomuser:8000/api/"
ITEMS = json.dumps({"results": [{"nat": "DE"}], "info": {}}).encode()
EVENTS = "https://api.example.com/v1/events"


def table(name: str, source: str) -> Table:
    columns = 'key = ["id"]\n[columns]\nid = "int8"\n'
    return file.read(name, f"{columns}[source]\n{source}")


def result(answer: Answer, *others: Answer) -> ProbeResult:
    """The result for users, and for other tables of the same form."""
    assert USERS.source is not None
    answers = [answer, *others]
    requests = {f"t{number}": Request(f"{URL}{number}") for number in range(len(answers))}
    sources = dict.fromkeys(requests, USERS.source)
    return evaluate(sources, requests, dict(zip(requests.values(), answers)))


def test_a_source_with_items() -> None:
    assert result(Answer(200, ITEMS)).state is ProbeState.OK


@pytest.mark.parametrize("status", [429, 503])
def test_a_source_that_asks_to_wait_is_a_warning(status: int) -> None:
    waits = result(Answer(status))
    assert waits.state is ProbeState.WARN
    assert f"t0 gets no new rows for now: {URL}0 answers {status}" in waits.summary
    assert waits.component == "randomuser"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(200, b'{"results": [], "info": {"results": 0}}'), "answers 200 and no items"),
        (Answer(200, b'{"error": "no results"}'), "another format"),
        (Answer(200, b'{"results": {"nat": "DE"}}'), "another format"),
        (Answer(200, b'{"results": ["DE"]}'), "another format"),
        (Answer(200, b'["results"]'), "another format"),
        (Answer(200, b'<html>"results"</html>'), "another format"),
        (Answer(200, b"[" * 100_000), "another format"),
        (Answer(403, b'{"results": []}'), "answers 403"),
        (Answer(0, cause="refuses connections"), "refuses connections"),
    ],
)
def test_a_source_without_items_fails_and_its_table_is_named(answer: Answer, words: str) -> None:
    failed = result(Answer(200, ITEMS), answer)
    assert failed.state is ProbeState.FAIL
    assert failed.summary.startswith("t1 gets no new rows: ")
    assert words in failed.summary
    assert f"{URL}1" in failed.summary
    assert failed.summary.endswith("; 1 other table gets new rows")


def test_no_table_has_a_source() -> None:
    assert evaluate({}, {}, {}).summary == "no table has a source"


def test_the_request_for_one_item() -> None:
    assert USERS.source is not None
    assert request_of(USERS.source, {"RANDOMUSER_URL": "http://own:1/api"}) == Request(
        "http://own:1/api", (("page", "1"), ("results", "1"))
    )


def test_a_variable_that_is_not_set_here() -> None:
    source = table("events", 'url = "$EVENTS_URL"').source
    assert source is not None
    assert request_of(source, {}) is None
    unknown = evaluate({"events": source}, {"events": None}, {})
    assert unknown.state is ProbeState.OK
    assert isinstance(unknown.details, SourceDetails)
    assert "not set here" in unknown.details.tables["events"].answer


def test_a_source_that_needs_a_secret_may_refuse() -> None:
    """Only the DAG has the secret."""
    text = f'url = "{EVENTS}"\n[source.headers]\nX-Api-Key = "secret:shop"\nAccept = "x/y"'
    source = table("events", text).source
    assert source is not None
    request = request_of(source, {})
    assert request == Request(EVENTS, (), (("Accept", "x/y"),))
    refused = evaluate({"events": source}, {"events": request}, {request: Answer(401)})
    assert refused.state is ProbeState.OK


class InMemoryHttp:
    def __init__(self) -> None:
        self.urls: list[str] = []

    def request(self, method: str, url: str, component: str, **_: Any) -> httpx.Response:
        self.urls.append(url)
        if "away" in url:
            raise UnreachableError(component, "refuses connections")
        return httpx.Response(200, content=ITEMS)


def test_tables_that_share_a_source_ask_once_and_a_foreign_api_is_spared() -> None:
    http = InMemoryHttp()
    platform, answers = clients(http=http), Answers()
    own, foreign, away = Request(URL), Request(EVENTS), Request("http://away:1/")
    received = answers.of(platform, {own, foreign, away})
    assert received[own] == Answer(200, ITEMS)
    assert received[away] == Answer(0, cause="refuses connections")
    answers.of(platform, {own, foreign})
    assert sorted(http.urls) == sorted([EVENTS, "http://away:1/", URL, URL])


@pytest.mark.parametrize(
    ("url", "foreign"),
    [(URL, False), ("http://randomuser.demo.internal:8000/api", False), (EVENTS, True)],
)
def test_an_api_outside_the_platform(url: str, foreign: bool) -> None:
    assert is_foreign(url) is foreign


@pytest.mark.parametrize(
    ("schedule", "endless", "continuous"),
    [
        ("*/5 * * * *", True, True),
        ("* * * * *", True, True),
        ("*/5 * * * *", False, False),
        ("*/10 * * * *", True, False),
        ("0 * * * *", True, False),
        ("*/5 8 * * *", True, False),
        ("manual", True, False),
    ],
)
def test_a_source_that_gives_new_rows_every_minute(
    schedule: str, endless: bool, continuous: bool
) -> None:
    source = Source(URL, pagination=PageNumber(endless=endless), schedule=schedule)
    assert is_continuous(source) is continuous


def test_a_source_that_only_people_start_is_a_warning() -> None:
    source = Source(URL, schedule="manual")
    request = Request(URL)
    away = evaluate({"events": source}, {"events": request}, {request: Answer(0, cause="is away")})
    assert away.state is ProbeState.WARN
    assert away.summary.startswith("events gets no new rows")
