"""The source may refuse for a while, as randomuser.me does; if it goes on, the error names it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cli.clients import people_source
from cli.host.errors import CliError
from cli.installations.local import Installation

PEOPLE = json.dumps({"results": [{"login": {"uuid": "u-1"}}]})


class Source(ThreadingHTTPServer):
    """`answers`: pairs of status and body, in order; the last is repeated. Status 0: no answer."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[tuple[int, str]] = []
        self.requests = 0


class Handler(BaseHTTPRequestHandler):
    server: Source

    def do_GET(self) -> None:
        self.server.requests += 1
        answers = self.server.answers
        status, body = answers.pop(0) if len(answers) > 1 else answers[0]
        if status == 0:
            return
        self.send_response(status)
        self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args: object) -> None:
        """Silent."""


@pytest.fixture
def source() -> Iterator[Source]:
    with Source() as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people_source, "LIMIT_S", 2)
    monkeypatch.setattr(people_source, "PAUSE_S", 0.05)


def person(source: Source) -> str:
    url = f"http://127.0.0.1:{source.server_port}/api/"
    return people_source.first_id(Installation("riada-unit", {"RANDOMUSER_URL": url}), "a-seed")


@pytest.mark.parametrize(
    "fault", [(429, ""), (503, "busy"), (500, ""), (0, ""), (200, '{"results": []}'), (200, "<p>")]
)
def test_a_source_that_is_busy_is_asked_again(source: Source, fault: tuple[int, str]) -> None:
    source.answers = [*[fault] * 5, (200, PEOPLE)]
    assert person(source) == "u-1"
    assert source.requests == 6


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ((429, ""), "429"),
        ((0, ""), "does not answer"),
        ((200, '{"results": []}'), "without people"),
        ((200, '{"results": [{}]}'), "without people"),
        ((200, "<p>"), "without people"),
    ],
)
def test_a_source_that_keeps_failing_is_named(
    source: Source, fault: tuple[int, str], words: str
) -> None:
    source.answers = [fault]
    with pytest.raises(CliError) as raised:
        person(source)
    assert f"http://127.0.0.1:{source.server_port}/api/" in raised.value.cause
    assert words in raised.value.cause
    assert "RANDOMUSER_URL" in raised.value.remedy


def test_a_source_that_forbids_is_asked_once(source: Source) -> None:
    """randomuser.me answers 403 to addresses of clouds."""
    source.answers = [(403, "no")]
    with pytest.raises(CliError, match="403"):
        person(source)
    assert source.requests == 1
