"""The client's requests, retries and their limit, and errors without secrets (real HTTP server)."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import pytest
from ingest.api import ApiRejectedError, ApiUnavailableError, SourceApi

from contract.table.pagination import LinkHeader
from contract.table.source import Source
from contract.table.source_pages import Page
from tests.dags.ingest.server import Answer, Asked, Server, serving
from tests.dags.tables import READINGS, USERS

ITEM = {"login": {"uuid": "u", "password": "pw-x"}}
PAGE = json.dumps({"results": [ITEM]})
EMPTY = '{"results": []}'


def users(server: Server) -> Source:
    assert USERS.source
    return replace(USERS.source, url=f"{server.url}/api/")


def ask(server: Server, timeout_s: float = 20) -> Page:
    return SourceApi(users(server), {"seed": "seed", "nat": "de,fr"}).page("3", 50, timeout_s)


def test_the_request(server: Server) -> None:
    server.answers = [(200, {}, PAGE)]
    page = ask(server)
    expected = {"seed": "seed", "page": "3", "results": "50", "nat": "de,fr", "format": "json"}
    assert server.requests[0].query == expected
    assert page == Page([ITEM], "4")


@pytest.mark.parametrize(
    "fault",
    [
        (503, {}, "busy"),
        (500, {}, ""),
        (429, {}, ""),
        (0, {}, ""),
        (200, {}, PAGE[: len(PAGE) // 2]),
        (200, {"Content-Length": "9999"}, PAGE),
        (200, {}, '{"error": "something has gone wrong"}'),
        (200, {}, "[]"),
        (200, {}, EMPTY),
        (200, {}, "[" * 100_000),
    ],
    ids=["503", "500", "429", "closed", "half", "short", "error", "list", "none", "deep"],
)
def test_a_fault_is_retried(server: Server, fault: Answer) -> None:
    server.answers = [fault, fault, (200, {}, PAGE)]
    assert len(ask(server).items) == 1
    assert len(server.requests) == 3


def test_retry_after_is_honoured(server: Server) -> None:
    server.answers = [(429, {"Retry-After": "2"}, ""), (200, {}, PAGE)]
    ask(server)
    assert server.requests[1].at - server.requests[0].at >= 2


def test_a_wait_beyond_the_timeout_is_not_begun(server: Server) -> None:
    server.answers = [(503, {"Retry-After": "3600"}, "")]
    with pytest.raises(ApiUnavailableError, match="HTTP 503"):
        ask(server, timeout_s=5)
    assert len(server.requests) == 1


def test_an_endless_source_that_stays_empty_is_named(server: Server) -> None:
    """randomuser.me did so for weeks: https://github.com/RandomAPI/Randomuser.me-Node/issues/240"""
    server.answers = [(200, {}, EMPTY)]
    with pytest.raises(ApiUnavailableError, match=f":{server.server_port}.* with no items"):
        ask(server, timeout_s=0.2)


def test_a_refusal_is_not_repeated(server: Server) -> None:
    server.answers = [(404, {}, "")]
    with pytest.raises(ApiRejectedError, match=r"HTTP 404\. Check"):
        ask(server)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (400, r"Check the run's parameters \(nat, seed\), then \[source\] of the table"),
        (403, r"Check the headers of the table's \[source\], and the secrets that they name"),
        (410, r"Check \[source\] of the table"),
    ],
)
def test_the_remedy_fits_the_refusal(server: Server, status: int, remedy: str) -> None:
    server.answers = [(status, {}, "")]
    api = SourceApi(Source(server.url), {"nat": "xx", "seed": "s-1"})
    with pytest.raises(ApiRejectedError, match=f"answers HTTP {status}. {remedy}$") as raised:
        api.page("", None, timeout_s=5)
    assert "xx" not in str(raised.value)


def test_errors_contain_no_password(server: Server) -> None:
    server.answers = [(200, {}, PAGE[:-2])]
    with pytest.raises(ApiUnavailableError) as caught:
        ask(server, timeout_s=0.1)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert "pw-x" not in str(caught.value)


def test_a_refused_connection_is_unavailable() -> None:
    with pytest.raises(ApiUnavailableError, match="ConnectionError"):
        SourceApi(Source("http://127.0.0.1:9/api/"), {}).page("", None, timeout_s=0.1)


def test_a_link_is_followed_on_the_same_server_only(server: Server) -> None:
    source = Source(f"{server.url}/list", pagination=LinkHeader(), query={"state": "open"})

    def answer(asked: Asked) -> Answer:
        if asked.path == "/list":
            return 200, {"Link": '</list/2?after=x>; rel="next"'}, "[1]"
        return 200, {"Link": '<http://other.example/>; rel="next"'}, "[2]"

    server.answer = answer
    api = SourceApi(source, {})
    first = api.page("", None, 1)
    assert (first.items, first.cursor) == ([1], f"{server.url}/list/2?after=x")
    with pytest.raises(ApiUnavailableError, match="on another server"):
        api.page(first.cursor or "", None, 0.1)
    assert [request.query for request in server.requests[:2]] == [{"state": "open"}, {"after": "x"}]


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SOURCE_READINGS", "top-secret-value")
    return "top-secret-value"


def readings(server: Server) -> Source:
    assert READINGS.source
    return replace(READINGS.source, url=f"{server.url}/v1/readings")


def test_a_secret_is_in_the_request_and_never_in_the_log(
    server: Server, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    def answer(asked: Asked) -> Answer:
        if len(server.requests) == 1:
            return 503, {}, f"refused {secret}"
        return 403, {}, f"wrong key {secret}"

    server.answer = answer
    with caplog.at_level(logging.DEBUG), pytest.raises(ApiRejectedError) as caught:
        SourceApi(readings(server), {"since": 7}).page("c 1", 50, 20)
    assert [request.headers["X-Api-Key"] for request in server.requests] == [secret, secret]
    assert server.requests[0].query == {"since": "7", "cursor": "c 1", "limit": "50"}
    assert "HTTP 503" in caplog.text
    assert secret not in caplog.text + str(caught.value)


def test_a_redirect_to_another_server_does_not_get_the_secret(server: Server, secret: str) -> None:
    with serving() as other:
        other.answers = [(200, {}, "[]")]
        server.answers = [(302, {"Location": other.url}, "")]
        with pytest.raises(ApiRejectedError, match="HTTP 302"):
            SourceApi(readings(server), {}).page("", None, 1)
    assert other.requests == []


def test_a_missing_secret_is_named(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_READINGS", raising=False)
    with pytest.raises(ApiRejectedError, match="the secret source-readings is missing"):
        SourceApi(readings(server), {}).page("", None, 1)
    assert server.requests == []
