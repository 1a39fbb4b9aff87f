"""POST /api/erase: an operator gives a key that the table can have, or asks again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.testclient import TestClient

from contract.jobs.erase import EraseRequest
from contract.jobs.job import JobKind
from contract.json_record import JsonRecord
from control_center.jobs.runner import Jobs
from control_center.web import error_handlers
from control_center.web.api import jobs
from control_center.web.api.dependencies import reader
from control_center.web.auth.bearer_token import BearerToken
from control_center.web.auth.roles import Principal, Role
from control_center.web.context import AppContext
from tests.control_center.in_memory_clients import InMemoryClients

KEY = "0f3a7c52-9be1-4a56-8a0e-6d1f2b3c4d5e"


class Started:
    id, table = "j1", "users"


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[tuple[JobKind, JsonRecord]]:
    """The jobs that were started; none of them runs."""
    started: list[tuple[JobKind, JsonRecord]] = []

    def start(_: Jobs, kind: JobKind, request: JsonRecord) -> Started:
        started.append((kind, request))
        return Started()

    monkeypatch.setattr(Jobs, "start", start)
    return started


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    app = FastAPI()
    app.state.context = AppContext.of(InMemoryClients(tmp_path), ["x"])
    app.state.token = BearerToken("secret", "control-center-token")
    closed = APIRouter(prefix="/api", dependencies=[Depends(reader)])
    closed.include_router(jobs.router)
    app.include_router(closed)
    error_handlers.install(app, app.state.context.audit)
    return app


def post(app: FastAPI, **body: Any) -> tuple[int, str]:
    client = TestClient(app, headers={"Authorization": "Bearer secret"})
    response = client.post("/api/erase", json=body)
    return response.status_code, response.text


def test_the_key_is_in_its_one_form(
    app: FastAPI, requests: list[tuple[JobKind, JsonRecord]]
) -> None:
    assert post(app, table="users", key=KEY.upper()) == (202, '{"id":"j1"}')
    assert post(app, table="orders", key='[ "ada", 7 ]')[0] == 202
    assert post(app, table="users", again=True)[0] == 202
    assert requests == [
        (JobKind.ERASE, EraseRequest("users", KEY)),
        (JobKind.ERASE, EraseRequest("orders", '["ada",7]')),
        (JobKind.ERASE, EraseRequest("users", again=True)),
    ]


def test_the_audit_log_does_not_have_the_key(
    app: FastAPI, requests: list[tuple[JobKind, JsonRecord]], tmp_path: Path
) -> None:
    post(app, table="users", key=KEY)
    [line] = (tmp_path / "audit.jsonl").read_text().splitlines()
    logged = json.loads(line)
    assert (logged["who"], logged["action"], logged["target"]) == ("token", "erase", "users j1")
    assert KEY not in line


@pytest.mark.parametrize(
    ("body", "status", "cause"),
    [
        ({"table": "users"}, 422, "give either the key of a row, or again"),
        ({"table": "users", "key": KEY, "again": True}, 422, "give either"),
        ({"table": "users", "key": "marker"}, 422, "id is not a value of uuid"),
        ({"table": "orders", "key": "marker"}, 422, "the key is a JSON array"),
        ({"table": "users", "key": "m" * 5000}, 422, "4096 characters"),
        ({"table": "users", "key": KEY, "id": "marker"}, 422, "id"),
    ],
)
def test_a_wrong_argument_is_refused_and_not_repeated(
    app: FastAPI,
    requests: list[tuple[JobKind, JsonRecord]],
    body: dict[str, Any],
    status: int,
    cause: str,
) -> None:
    answered, text = post(app, **body)
    assert (answered, cause in text) == (status, True), text
    assert "marker" not in text
    assert not requests


def test_a_reader_may_not_erase(app: FastAPI, requests: list[tuple[JobKind, JsonRecord]]) -> None:
    app.dependency_overrides[reader] = lambda: Principal("reader", Role.READER)
    status, text = post(app, table="users", key=KEY)
    assert (status, json.loads(text)["code"]) == (403, "forbidden")
    assert not requests
