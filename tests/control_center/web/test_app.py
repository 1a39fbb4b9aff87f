"""The HTTP face: who may ask, and how jobs are started and followed."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from control_center.clients.clients import Clients
from control_center.config import Settings, SettingsError
from control_center.web.app import build
from control_center.web.context import AppContext

TOKEN = "secret-token"
AUTH = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    return TestClient(build(context(tmp_path), TOKEN))


def context(state: Path) -> AppContext:
    return AppContext.of(Clients(Settings.load({"STATE": str(state)})), ["x"])


def test_health_is_open(client: TestClient) -> None:
    assert client.get("/api/health").json() == {"ok": True}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/status"),
        ("GET", "/api/probes/kafka"),
        ("GET", "/api/person/a@b.c"),
        ("GET", "/api/countries"),
        ("GET", "/api/countries/Spain"),
        ("GET", "/api/compare"),
        ("POST", "/api/compare"),
        ("POST", "/api/repair"),
        ("POST", "/api/smoke-test"),
        ("POST", "/api/bench"),
        ("GET", "/api/bench/1"),
        ("GET", "/api/stages/kafka"),
        ("POST", "/api/connector/restart"),
        ("GET", "/api/messages"),
        ("GET", "/api/versions/00000000-0000-0000-0000-000000000000"),
        ("GET", "/api/schemas/x"),
        ("POST", "/api/schemas/check"),
        ("GET", "/api/dead-letters"),
        ("POST", "/api/dead-letters/send"),
        ("GET", "/api/alerts"),
        ("GET", "/api/audit"),
    ],
)
@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic x", "Bearer ", TOKEN])
def test_everything_else_wants_the_token(
    client: TestClient, method: str, path: str, header: str | None
) -> None:
    headers = {} if header is None else {"Authorization": header}
    assert client.request(method, path, headers=headers).status_code == 401


def test_no_api_description_is_open(client: TestClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert client.get(path).status_code == 404


def test_an_empty_token_is_no_token(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="control-center-token is empty"):
        build(context(tmp_path), "")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/smoke-test", {"people": 0}),
        ("/api/smoke-test", {"seed": "a b"}),
        ("/api/smoke-test", {"peple": 1}),
        ("/api/bench", {"rows": 10}),
    ],
)
def test_wrong_arguments_are_refused(client: TestClient, path: str, body: object) -> None:
    assert client.post(path, json=body, headers=AUTH).status_code == 422


@pytest.mark.parametrize("limit", ["0", "1001", "x"])
def test_a_limit_out_of_bounds_is_refused(client: TestClient, limit: str) -> None:
    assert client.get(f"/api/countries/Spain?limit={limit}", headers=AUTH).status_code == 422


def test_unknown_names(client: TestClient) -> None:
    assert client.get("/api/probes/nope", headers=AUTH).status_code == 404
    assert client.get("/api/bench/nope", headers=AUTH).status_code == 404
    assert client.get("/api/person/nobody", headers=AUTH).status_code == 404
