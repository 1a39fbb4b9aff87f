"""GET /api/tables, and the requests that plan a release and describe a table."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.testclient import TestClient

from contract.jobs.tables import TableList
from control_center.clients.clients import Clients
from control_center.config import Settings
from control_center.web import error_handlers
from control_center.web.api import tables
from control_center.web.api.dependencies import reader
from control_center.web.auth.bearer_token import BearerToken
from control_center.web.context import AppContext

ORDERS = 'key = ["id"]\n[columns]\nid = "int8"\nmail = "text null personal"\n'


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    """A Control Center whose artifacts hold one release with the table orders."""
    release = tmp_path / "releases/r1"
    (release / "tables").mkdir(parents=True)
    (release / "job").write_text("j1")
    (release / "tables/orders.toml").write_text(ORDERS)
    (tmp_path / "streaming-release").write_text("r1")
    (tmp_path / "postgres-observer").write_text("secret")
    folders = {"STATE": tmp_path, "SECRETS": tmp_path, "ARTIFACTS": tmp_path}
    settings = Settings.load({**folders, "POSTGRES_HOST": "127.0.0.1"})  # nothing listens there
    app = FastAPI()
    app.state.context = AppContext.of(Clients(settings), ["x"])
    app.state.token = BearerToken("secret", "control-center-token")
    closed = APIRouter(prefix="/api", dependencies=[Depends(reader)])
    closed.include_router(tables.router)
    app.include_router(closed)
    error_handlers.install(app, app.state.context.audit)
    return TestClient(app, headers={"Authorization": "Bearer secret"})


def test_the_deployed_tables(client: TestClient) -> None:
    [table] = TableList.from_json(client.get("/api/tables").json()).tables
    assert (table.name, table.key, table.has_source) == ("orders", ("id",), False)
    assert [(column.name, column.personal) for column in table.columns] == [
        ("id", False),
        ("mail", True),
    ]


def test_a_broken_file_is_refused_in_the_plan(client: TestClient) -> None:
    body = {"files": {"orders.toml": "key = 1"}, "remove": []}
    plan = client.post("/api/tables/plan", json=body).json()
    assert plan["ok"] is False
    assert plan["tables"]["orders"]["action"] == "refuse"
    assert plan["tables"]["orders"]["cause"].startswith("tables/orders.toml: ")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("plan", {}),
        ("plan", {"files": {"orders.toml": 1}}),
        ("plan", {"files": {}, "more": 1}),
        ("describe", {}),
        ("describe", {"name": ""}),
        ("describe", {"name": "a.b.c"}),
        ("describe", {"name": "orders", "url": "file:///etc/passwd"}),
    ],
)
def test_wrong_arguments_are_refused(client: TestClient, path: str, body: object) -> None:
    answer = client.post(f"/api/tables/{path}", json=body)
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"


def test_a_store_that_does_not_answer_is_named(client: TestClient) -> None:
    answer = client.post("/api/tables/describe", json={"name": "public.orders"})
    assert answer.status_code == 503
    assert answer.json()["cause"] == "refuses connections"


@pytest.mark.parametrize("path", ["plan", "describe"])
def test_only_operators_may_ask(client: TestClient, path: str) -> None:
    answer = client.post(f"/api/tables/{path}", json={}, headers={"Authorization": "Bearer x"})
    assert answer.status_code == 401
