"""A JSON API of events with cursor pagination and a key, on the platform's network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cli.host import docker
from tests.harness.platform import Platform
from tests.harness.wait import eventually

HOST, PORT = "events-api", 8000
COUNT = 730
# The API gives a page this many items, whatever the request asks for.
LARGEST = 200

SERVER = """
import base64, http.server, json, sys, urllib.parse

KEY, PORT, COUNT, LARGEST = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
refused = set()  # cursors whose first request was answered by 429

def event(number):
    return {
        "id": number * 7919, "at": f"2026-01-01T00:{number // 60 % 60:02}:{number % 60:02}.250Z",
        "type": ("click", "view", "größer")[number % 3],
        "detail": {"amount": f"{number}.{number % 100:02}", "tags": ["a", None, str(number)]},
    }

class Api(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        cursor = query.get("cursor", "")
        if self.headers["X-Api-Key"] != KEY:
            self.answer(401, {"error": "X-Api-Key is wrong"})
        elif cursor and cursor not in refused:
            refused.add(cursor)
            self.answer(429, {"error": "wait a second"})
        else:
            first = int(base64.b64decode(cursor)) if cursor else 0
            after = min(first + min(int(query.get("limit", LARGEST)), LARGEST), COUNT)
            token = base64.b64encode(str(after).encode()).decode() if after < COUNT else None
            items = [event(number) for number in range(first, after)]
            self.answer(200, {"meta": {"next_cursor": token}, "data": {"items": items}})

    def answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if status == 429:
            self.send_header("Retry-After", "1")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_): pass

http.server.ThreadingHTTPServer(("", PORT), Api).serve_forever()
"""


def event(number: int) -> dict[str, Any]:
    """Column → value of an event, as tests/tables/files/events.toml declares it."""
    return {
        "id": number * 7919,
        "at": f"2026-01-01T00:{number // 60 % 60:02}:{number % 60:02}.250+00:00",
        "type": ("click", "view", "größer")[number % 3],
        "amount": f"{number}.{number % 100:02}",
        "tags": ["a", None, str(number)],
    }


@contextmanager
def cursor_api(platform: Platform, key: str) -> Iterator[None]:
    """Run the API for the duration of the block; it answers requests with this key."""
    project = platform.installation.project
    name = f"{project}-test-{HOST}"
    image = docker.inspect(platform.container("control-center"))[0]["Config"]["Image"]
    network = ("--network", project, "--network-alias", HOST)
    docker.ask(
        *("run", "-d", "--name", name, *network, "--entrypoint", "python3", image),
        *("-c", SERVER, key, str(PORT), str(COUNT), str(LARGEST)),
    )
    probe = f"</dev/tcp/127.0.0.1/{PORT}"
    try:
        eventually(lambda: docker.ask("exec", name, "bash", "-c", probe) == "", "the API", 30)
        yield
    finally:
        docker.remove("container", name)
