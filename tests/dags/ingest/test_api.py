"""The client's retries and their limit, and errors without passwords (real HTTP server)."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from ingest import api
from ingest.api import ApiRejectedError, ApiUnavailableError, PeopleApi

PAGE = json.dumps(
    {"results": [{"login": {"uuid": "u", "username": "n", "password": "pw-x", "sha1": "hash-x"}}]}
)


class Server(ThreadingHTTPServer):
    """`answers`: (status, headers, body), one for each request. The last one repeats."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[tuple[int, dict[str, str], str]] = []
        self.requests: list[tuple[float, dict[str, list[str]]]] = []


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.requests.append((time.monotonic(), parse_qs(urlsplit(self.path).query)))
        answers = self.server.answers
        status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
        if status == 0:  # closes the connection without an answer
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args: object) -> None:
        """Silent."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(api.BACKOFF, "multiplier", 0.01)
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server
        server.shutdown()


def ask(server: Server, timeout_s: float = 20) -> list[object]:
    url = f"http://127.0.0.1:{server.server_port}/api/"
    return PeopleApi(url, "de,fr").people("seed", 3, 50, timeout_s)


def test_the_request(server: Server) -> None:
    server.answers = [(200, {}, PAGE)]
    ask(server)
    expected = {"seed": "seed", "page": "3", "results": "50", "nat": "de,fr", "format": "json"}
    assert server.requests[0][1] == {name: [value] for name, value in expected.items()}


def test_secrets_are_gone_at_once(server: Server) -> None:
    server.answers = [(200, {}, PAGE)]
    assert ask(server) == [{"login": {"uuid": "u", "username": "n"}}]


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
        (200, {}, '{"results": []}'),
        (200, {}, "[" * 100_000),
    ],
    ids=["503", "500", "429", "closed", "half", "short", "error", "list", "none", "deep"],
)
def test_a_fault_is_retried(server: Server, fault: tuple[int, dict[str, str], str]) -> None:
    server.answers = [fault, fault, (200, {}, PAGE)]
    assert len(ask(server)) == 1
    assert len(server.requests) == 3


def test_retry_after_is_honoured(server: Server) -> None:
    server.answers = [(429, {"Retry-After": "2"}, ""), (200, {}, PAGE)]
    ask(server)
    assert server.requests[1][0] - server.requests[0][0] >= 2


def test_a_wait_beyond_the_timeout_is_not_begun(server: Server) -> None:
    server.answers = [(503, {"Retry-After": "3600"}, "")]
    with pytest.raises(ApiUnavailableError, match="HTTP 503"):
        ask(server, timeout_s=5)
    assert len(server.requests) == 1


def test_a_source_that_stays_empty_is_named(server: Server) -> None:
    """randomuser.me did so for weeks: https://github.com/RandomAPI/Randomuser.me-Node/issues/240"""
    server.answers = [(200, {}, '{"results": []}')]
    with pytest.raises(ApiUnavailableError, match=f":{server.server_port}.* with no people"):
        ask(server, timeout_s=0.2)


def test_a_refusal_is_not_repeated(server: Server) -> None:
    server.answers = [(404, {}, "")]
    with pytest.raises(ApiRejectedError, match="RANDOMUSER_URL"):
        ask(server)
    assert len(server.requests) == 1


def test_errors_contain_no_password(server: Server) -> None:
    server.answers = [(200, {}, PAGE[:-2])]
    with pytest.raises(ApiUnavailableError) as caught:
        ask(server, timeout_s=0.1)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert "pw-x" not in str(caught.value)


def test_a_refused_connection_is_unavailable() -> None:
    with pytest.raises(ApiUnavailableError, match="ConnectionError"):
        PeopleApi("http://127.0.0.1:9/api/").people("seed", 1, 1, timeout_s=0.1)
