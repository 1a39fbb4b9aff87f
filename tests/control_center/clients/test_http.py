"""HTTP against a server of this process: every error names the service."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from contract.errors import UnreachableError
from control_center.clients.http import Http


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = (200, b'{"a": 1}') if self.path == "/ok" else (500, b"out of memory\n")
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keeps the server quiet."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_answer(url: str) -> None:
    assert Http(4).json(f"{url}/ok") == {"a": 1}
    assert Http(4).request("GET", f"{url}/other").status_code == 500


def test_an_error_status_names_the_service_and_the_text(url: str) -> None:
    with pytest.raises(UnreachableError) as raised:
        Http(4).json(f"{url}/other", "randomuser")
    assert str(raised.value) == "randomuser: answers 500 (out of memory)"


def test_a_service_that_refuses_connections() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(UnreachableError, match=r"^connect: refuses connections$"):
        Http(4).request("GET", f"http://127.0.0.1:{port}", "connect")


def test_a_service_that_does_not_resolve_is_named_by_its_host() -> None:
    with pytest.raises(UnreachableError, match=r"^schema-registry: is not on the network"):
        Http(4).json("http://schema-registry.riada.invalid:8081/subjects")


def test_a_service_that_hangs() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(UnreachableError, match=r"^connect: does not answer in time$"):
            Http(0.05).request("GET", f"http://127.0.0.1:{port}", "connect")
