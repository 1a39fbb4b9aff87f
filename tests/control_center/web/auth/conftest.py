"""The API and the login behind AuthMiddleware, without pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.websockets import WebSocket

from control_center.clients.clients import Clients
from control_center.config import Settings
from control_center.web.app import build
from control_center.web.auth import login
from control_center.web.auth.middleware import AuthMiddleware
from control_center.web.auth.roles import Role
from control_center.web.context import AppContext
from tests.control_center.health.tables import deploy

TOKEN = "the-token"
PASSWORDS = {Role.READER: "the-readers-long-password", Role.OPERATOR: "the-operators-long-password"}
HOST = "http://testserver"
SAME_ORIGIN = {"Origin": HOST}


@pytest.fixture
def context(tmp_path: Path) -> AppContext:
    artifacts = deploy(tmp_path / "artifacts", "orders", "users")
    settings = {"STATE": tmp_path, "ARTIFACTS": artifacts, "CONNECT_URL": "http://127.0.0.1:9"}
    clients = Clients(Settings.load(settings))
    return AppContext.of(clients, [TOKEN, *PASSWORDS.values()])


@pytest.fixture
def client(context: AppContext) -> TestClient:
    app: FastAPI = build(context, TOKEN)
    app.include_router(login.router(PASSWORDS, context))

    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text("in")
        await socket.close()

    def page() -> dict[str, bool]:
        return {"page": True}

    app.add_api_websocket_route("/_nicegui_ws/socket", echo)
    app.add_api_route("/", page)

    app.add_middleware(
        AuthMiddleware, sessions=context.sessions, host=context.host, audit=context.audit
    )
    return TestClient(app, base_url=HOST, follow_redirects=False)


def log_in(client: TestClient, role: Role = Role.OPERATOR, **wrong: str) -> Any:
    form = {"name": role.value, "password": PASSWORDS[role]} | wrong
    return client.post("/login", data=form, headers=SAME_ORIGIN)
