"""A JSON API on a port of this machine, for tests of the clients."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Request:
    method: str
    path: str
    body: object
    headers: dict[str, str]


@dataclass
class Answer:
    """`status` 0 closes the connection without an answer."""

    body: object = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class JsonServer(ThreadingHTTPServer):
    """`answers`: by "METHOD /path", in order; the last one is repeated."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, list[Answer]] = {}
        self.requests: list[Request] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: JsonServer

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length)) if length else None
        request = Request(self.command, self.path, body, dict(self.headers))
        self.server.requests.append(request)
        answers = self.server.answers[f"{self.command} {self.path.partition('?')[0]}"]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer.status == 0:
            return
        content = b"" if answer.body is None else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *args: object) -> None:
        """Silent."""


@contextmanager
def serving() -> Iterator[JsonServer]:
    with JsonServer() as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()
