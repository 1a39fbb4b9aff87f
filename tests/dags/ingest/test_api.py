"""Against a server that answers as told: what is tried again, how long, and what never shows."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from ingest import api
from ingest.api import AwayError, PeopleApi, RefusedError

GOOD = json.dumps(
    {"results": [{"login": {"uuid": "u", "username": "n", "password": "pw-x", "sha1": "hash-x"}}]}
)


class Server(ThreadingHTTPServer):
    """`answers`: (status, headers, body) one after the other; the last one stays."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[tuple[int, dict[str, str], str]] = []
        self.asked: list[tuple[float, dict[str, list[str]]]] = []


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((time.monotonic(), parse_qs(urlsplit(self.path).query)))
        answers = self.server.answers
        status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
        if status == 0:  # closes the connection without a word
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


def ask(server: Server, patience_s: float = 20) -> list[object]:
    url = f"http://127.0.0.1:{server.server_port}/api/"
    return PeopleApi(url, "de,fr").people("seed", 3, 50, patience_s)


def test_the_request(server: Server) -> None:
    server.answers = [(200, {}, GOOD)]
    ask(server)
    expected = {"seed": "seed", "page": "3", "results": "50", "nat": "de,fr", "format": "json"}
    assert server.asked[0][1] == {name: [value] for name, value in expected.items()}


def test_secrets_are_gone_at_once(server: Server) -> None:
    server.answers = [(200, {}, GOOD)]
    assert ask(server) == [{"login": {"uuid": "u", "username": "n"}}]


@pytest.mark.parametrize(
    "fault",
    [
        (503, {}, "busy"),
        (500, {}, ""),
        (429, {}, ""),
        (0, {}, ""),
        (200, {}, GOOD[: len(GOOD) // 2]),
        (200, {"Content-Length": "9999"}, GOOD),
        (200, {}, '{"error": "something has gone wrong"}'),
        (200, {}, "[]"),
        (200, {}, '{"results": []}'),
        (200, {}, "[" * 100_000),
    ],
    ids=["503", "500", "429", "closed", "half", "short", "error", "list", "none", "deep"],
)
def test_a_fault_is_tried_again(server: Server, fault: tuple[int, dict[str, str], str]) -> None:
    server.answers = [fault, fault, (200, {}, GOOD)]
    assert len(ask(server)) == 1
    assert len(server.asked) == 3


def test_retry_after_is_honoured(server: Server) -> None:
    server.answers = [(429, {"Retry-After": "2"}, ""), (200, {}, GOOD)]
    ask(server)
    assert server.asked[1][0] - server.asked[0][0] >= 2


def test_a_wait_beyond_the_patience_is_not_begun(server: Server) -> None:
    server.answers = [(503, {"Retry-After": "3600"}, "")]
    began = time.monotonic()
    with pytest.raises(AwayError, match="HTTP 503"):
        ask(server, patience_s=5)
    assert time.monotonic() - began < 2


def test_a_source_that_stays_empty_is_named(server: Server) -> None:
    """randomuser.me answered so for weeks: https://github.com/RandomAPI/Randomuser.me-Node/issues/240"""
    server.answers = [(200, {}, '{"results": []}')]
    with pytest.raises(AwayError, match=f"127.0.0.1:{server.server_port}.* no people"):
        ask(server, patience_s=0.2)


def test_a_refusal_is_not_repeated(server: Server) -> None:
    server.answers = [(404, {}, "")]
    with pytest.raises(RefusedError, match="RANDOMUSER_URL"):
        ask(server)
    assert len(server.asked) == 1


def test_errors_carry_nobodys_password(server: Server) -> None:
    server.answers = [(200, {}, GOOD[:-2])]
    with pytest.raises(AwayError) as caught:
        ask(server, patience_s=0.1)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert "pw-x" not in str(caught.value)


def test_nobody_listens() -> None:
    with pytest.raises(AwayError, match="ConnectionError"):
        PeopleApi("http://127.0.0.1:9/api/").people("seed", 1, 1, patience_s=0.1)
