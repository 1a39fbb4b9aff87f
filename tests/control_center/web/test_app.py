"""The HTTP API: authentication, and the start and progress of jobs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from control_center.clients.clients import Clients
from control_center.config import Settings, SettingsError
from control_center.web.app import build
from control_center.web.context import AppContext
from tests.control_center.health.tables import deploy

TOKEN = "secret-token"
AUTH = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    return TestClient(build(context(tmp_path), TOKEN))


def context(state: Path) -> AppContext:
    artifacts = state / "artifacts"
    if not artifacts.exists():
        deploy(artifacts, "orders", "users")
    settings = Settings.load({"STATE": state, "SECRETS": state, "ARTIFACTS": artifacts})
    return AppContext.of(Clients(settings), ["x"])


def test_health_is_open(client: TestClient) -> None:
    assert client.get("/api/health").json() == {"ok": True}


OPEN = {("GET", "/api/health")}


def closed_routes(context: AppContext) -> list[tuple[str, str]]:
    """(method, path) of every route of the API but those in OPEN."""
    routes = [
        (method, re.sub("{.*?}", "x", route.path or ""))
        for route in iter_route_contexts(build(context, TOKEN).routes)
        for method in route.methods or ()
    ]
    return [route for route in routes if route not in OPEN]


def test_the_routes_are_found(tmp_path: Path) -> None:
    routes = closed_routes(context(tmp_path))
    assert {("GET", "/metrics"), ("GET", "/api/status"), ("POST", "/api/repair")} <= set(routes)
    assert len(routes) > 20


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic x", "Bearer ", TOKEN])
def test_every_other_route_requires_the_token(
    tmp_path: Path, client: TestClient, header: str | None
) -> None:
    (tmp_path / "control-center-metrics").write_text("another token")
    headers = {} if header is None else {"Authorization": header}
    for method, path in closed_routes(context(tmp_path)):
        answer = client.request(method, path, headers=headers)
        assert answer.status_code == 401, (method, path)
        assert answer.headers["www-authenticate"] == "Bearer"


def test_no_api_description_is_open(client: TestClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert client.get(path).status_code == 404


def test_an_empty_token_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="control-center-token is empty"):
        build(context(tmp_path), "")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/smoke-test", {"table": "users", "rows": 0}),
        ("/api/smoke-test", {"table": "users", "seed": "a b"}),
        ("/api/smoke-test", {"table": "users", "rws": 1}),
        ("/api/smoke-test", {"rows": 1}),
        ("/api/bench", {"table": "users", "rows": 10}),
        ("/api/compare", {}),
        ("/api/repair", {}),
    ],
)
def test_wrong_arguments_are_refused(client: TestClient, path: str, body: object) -> None:
    assert client.post(path, json=body, headers=AUTH).status_code == 422


@pytest.mark.parametrize("limit", ["0", "501", "x"])
def test_a_limit_out_of_bounds_is_refused(client: TestClient, limit: str) -> None:
    path = f"/api/tables/users/messages?limit={limit}"
    assert client.get(path, headers=AUTH).status_code == 422


@pytest.mark.parametrize("kind", ["smoke-test", "bench", "compare", "repair"])
def test_no_job_begins_for_a_table_that_is_not_deployed(client: TestClient, kind: str) -> None:
    answer = client.post(f"/api/{kind}", json={"table": "invoices"}, headers=AUTH)
    assert answer.status_code == 404
    assert answer.json()["remedy"] == "The tables are orders, users."


@pytest.mark.parametrize("name", ["invoices", "USERS", "users'--", "%2e%2e", "ñ"])
@pytest.mark.parametrize("path", ["rows/1", "versions/1", "queries/q", "messages", "dead-letters"])
def test_an_unknown_table(client: TestClient, name: str, path: str) -> None:
    answer = client.get(f"/api/tables/{name}/{path}", headers=AUTH)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_unknown_names(client: TestClient) -> None:
    assert client.get("/api/probes/nope", headers=AUTH).status_code == 404
    assert client.get("/api/bench/nope", headers=AUTH).status_code == 404
    assert client.get("/api/nobody/1", headers=AUTH).status_code == 404
