"""A real HTTP server that answers as a test says, and remembers its requests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

# Status, headers and body; status 0 closes the connection without an answer.
Answer = tuple[int, dict[str, str], str]


@dataclass(frozen=True)
class Asked:
    """A request. `at`: s on the monotonic clock."""

    at: float
    path: str
    query: dict[str, str]
    headers: dict[str, str]


class Server(ThreadingHTTPServer):
    """`answers`: one for each request, and the last one repeats. `answer`, if it is set, decides
    instead."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[Answer] = []
        self.answer: Callable[[Asked], Answer] | None = None
        self.requests: list[Asked] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        asked = Asked(time.monotonic(), parts.path, query, dict(self.headers))
        self.server.requests.append(asked)
        answers = self.server.answers
        if self.server.answer:
            status, headers, body = self.server.answer(asked)
        else:
            status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
        if status == 0:
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args: object) -> None:
        """Silent."""


@contextmanager
def serving() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()
