"""Messages by API: searched, masked, and read on from where the last answer stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from control_center.pipeline import browse
from control_center.pipeline.scan import Limits
from control_center.web.app import build
from control_center.web.context import AppContext
from tests.control_center.in_memory_clients import (
    TABLES,
    InMemoryClients,
)
from tests.control_center.sample_rows import row as row_of

USERS = TABLES["users"]
ANA = "89254969-771b-47a0-bfb6-345d262fbae9"


@pytest.fixture
def api(tmp_path: Path) -> TestClient:
    """Six messages of one row."""
    clients = InMemoryClients(tmp_path)
    for number in range(6):
        row = row_of(USERS, id=ANA, country=f"Land {number}", email=f"ana{number}@example.org")
        clients.add_change(row, number)
    app = build(AppContext.of(clients, ["x"]), "the-token")
    return TestClient(app, headers={"Authorization": "Bearer the-token"})


def ask(api: TestClient, **parameters: str | int) -> dict[str, Any]:
    answer = api.get("/api/tables/users/messages", params=parameters)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def offsets(body: dict[str, Any]) -> list[int]:
    return [message["offset"] for message in body["messages"]]


def test_pages_of_messages(api: TestClient) -> None:
    first = ask(api, limit=4)
    assert (offsets(first), first["read"], first["remaining"]) == ([5, 4, 3, 2], 4, 2)
    assert first["position"] == "0:2"
    second = ask(api, limit=4, position=first["position"])
    assert (offsets(second), second["remaining"]) == ([1, 0], 0)


def test_a_search_does_not_look_at_personal_values(api: TestClient) -> None:
    body = ask(api, contains=" land 3 ")
    assert (offsets(body), body["read"], body["remaining"]) == ([3], 6, 0)
    assert "ana3" not in str(body)
    assert offsets(ask(api, contains="ana3@example.org")) == []


def test_a_search_that_stops_says_so(api: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browse, "FIRST_STEP", 3)
    monkeypatch.setattr(browse, "SEARCH", Limits(3, 10))
    body = ask(api, contains="Land 0")
    assert (offsets(body), body["read"], body["remaining"], body["position"]) == ([], 3, 3, "0:3")
    assert offsets(ask(api, contains="Land 0", position="0:3")) == [0]


def test_a_wrong_position_is_refused(api: TestClient) -> None:
    answer = api.get("/api/tables/users/messages", params={"position": "5"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
