"""The API of the end-to-end tests gives each event once, in pages that a cursor connects."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.harness.cursor_api import COUNT, LARGEST, SERVER, event
from tests.harness.wait import eventually

KEY = "the key"


@pytest.fixture
def address() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", SERVER, KEY, str(port), str(COUNT), str(LARGEST)]
    with subprocess.Popen(command) as server:
        eventually(
            lambda: socket.create_connection(("127.0.0.1", port)), "the API", 20, 0.1
        ).close()
        yield f"http://127.0.0.1:{port}/v1/events"
        server.kill()


def ask(url: str, key: str = KEY) -> dict[str, Any]:
    request = urllib.request.Request(url, headers={"X-Api-Key": key})
    with urllib.request.urlopen(request, timeout=10) as answer:
        content: dict[str, Any] = json.load(answer)
    return content


def test_pages_have_every_event_once(address: str) -> None:
    page = ask(f"{address}?limit=1000")
    items = list(page["data"]["items"])
    assert len(items) == LARGEST
    while cursor := page["meta"]["next_cursor"]:
        with pytest.raises(urllib.error.HTTPError) as refused:
            ask(f"{address}?cursor={cursor}")
        assert (refused.value.code, refused.value.headers["Retry-After"]) == (429, "1")
        page = ask(f"{address}?cursor={cursor}")
        items += page["data"]["items"]
    assert len(items) == COUNT
    for number, item in enumerate(items):
        expected = event(number)
        detail = item.pop("detail")
        assert item | detail == expected | {"at": item["at"]}
        assert item["at"].replace("Z", "+00:00") == expected["at"]


def test_another_key_is_refused(address: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="401"):
        ask(address, "another key")
