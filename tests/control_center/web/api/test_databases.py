"""POST /api/databases/check: without an address the answer is the complete script."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Depends, FastAPI
from fastapi.testclient import TestClient

from contract.jobs.databases import CheckResult
from control_center.clients.clients import Clients
from control_center.config import Settings
from control_center.web import error_handlers
from control_center.web.api import databases
from control_center.web.api.dependencies import reader
from control_center.web.auth.bearer_token import BearerToken
from control_center.web.context import AppContext
from tests.control_center.health.databases.servers import FILES


def test_a_database_without_an_address(tmp_path: Path) -> None:
    settings = Settings.load({"STATE": str(tmp_path), "SECRETS": str(tmp_path)})
    app = FastAPI()
    app.state.context = AppContext.of(Clients(settings), ["x"])
    app.state.token = BearerToken("secret", "control-center-token")
    closed = APIRouter(prefix="/api", dependencies=[Depends(reader)])
    closed.include_router(databases.router)
    app.include_router(closed)
    error_handlers.install(app, app.state.context.audit)
    client = TestClient(app, headers={"Authorization": "Bearer secret"})
    answer = client.post("/api/databases/check", json={"files": FILES})
    result = CheckResult.from_json(answer.json())
    shop = result.databases["shop"]
    assert (shop.address, shop.reachable, result.ok) == ("", False, False)
    assert shop.problems[0].remedy == "Run make up DATABASES=shop=HOST:PORT."
    assert "CREATE ROLE" in shop.statements
