"""Every error has one JSON form, and invalid arguments are in the audit log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from contract.errors import ComponentError, ErrorCode, UnreachableError
from control_center.clients.clients import Clients
from control_center.config import Settings
from control_center.web.app import build
from control_center.web.context import AppContext
from control_center.web.errors import STATUS, error_text
from tests.control_center.health.tables import deploy

AUTH = {"Authorization": "Bearer the-token"}
FIELDS = {"code", "component", "cause", "remedy", "detail"}


@pytest.fixture
def context(tmp_path: Path) -> AppContext:
    artifacts = deploy(tmp_path / "artifacts", "orders", "users")
    settings = {"STATE": tmp_path, "ARTIFACTS": artifacts, "CONNECT_URL": "http://127.0.0.1:9"}
    return AppContext.of(Clients(Settings.load(settings)), ["x"])


@pytest.fixture
def client(context: AppContext) -> TestClient:
    return TestClient(build(context, "the-token"), raise_server_exceptions=False)


def test_every_code_has_a_status() -> None:
    assert STATUS.keys() == set(ErrorCode)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/probes/x", 404, "not-found"),
        ("GET", "/api/stages/x", 404, "not-found"),
        ("GET", "/api/repair/x", 404, "not-found"),
        ("GET", "/api/nothing", 404, "not-found"),
        ("DELETE", "/api/status", 405, "invalid"),
        ("GET", "/api/audit?limit=0", 422, "invalid"),
        ("GET", "/api/tables/nothing/messages", 404, "not-found"),
        ("GET", "/api/tables/users/nothing", 404, "not-found"),
        ("GET", "/api/tables/users/versions/nobody", 422, "invalid"),
        ("GET", "/api/tables/users/messages?topic=x", 422, "invalid"),
        ("GET", "/api/tables/users/queries/of_nothing", 404, "not-found"),
        ("GET", "/api/tables/users/queries/of_city?city=x&city=y", 422, "invalid"),
        ("POST", "/api/connector/restart", 503, "unreachable"),
    ],
)
def test_errors_have_one_form(
    client: TestClient, method: str, path: str, status: int, code: str
) -> None:
    answer = client.request(method, path, headers=AUTH)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code)
    assert body.keys() == FIELDS
    assert body["detail"].startswith(f"{body['component']}: {body['cause']}")


def test_an_unauthenticated_caller_learns_what_to_send(client: TestClient) -> None:
    body = client.get("/api/status").json()
    assert body.keys() == FIELDS
    assert body["code"] == "unauthenticated"
    assert "control-center-token" in body["remedy"]


def failing(error: Exception) -> Any:
    def fail(*_: object) -> None:
        raise error

    return fail


def test_a_busy_job_is_a_conflict(
    client: TestClient, context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = ComponentError("control-center", "a bench is running", "Wait until it has ended.")
    busy.code = ErrorCode.BUSY
    monkeypatch.setattr(context.jobs, "start", failing(busy))
    answer = client.post("/api/compare", json={"table": "users"}, headers=AUTH)
    assert answer.status_code == 409
    assert answer.json()["detail"] == "control-center: a bench is running. Wait until it has ended."


def test_an_unexpected_exception_has_the_same_form_without_its_text(
    client: TestClient, context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context.monitor, "refresh", failing(KeyError("a secret")))
    answer = client.get("/api/status", headers=AUTH)
    assert answer.status_code == 500
    assert answer.json().keys() == FIELDS
    assert "a secret" not in answer.text


@pytest.mark.parametrize(
    ("path", "action", "cause"),
    [
        ("rows/" + "x" * 4097, "find row", "key: give a key of 1 to 4096 characters"),
        ("versions/<script>", "find versions", "key: id is not a value of uuid"),
        ("messages?offset=-1", "browse messages", "offset: give a whole number of at least 0"),
        ("schemas/x", "read schemas", "use one of the subjects"),
        ("queries/of_city?city=" + "x" * 1025, "run query", "the value of a parameter has at most"),
    ],
)
def test_invalid_arguments_are_in_the_audit_log_without_their_value(
    client: TestClient, context: AppContext, path: str, action: str, cause: str
) -> None:
    assert client.get(f"/api/tables/users/{path}", headers=AUTH).status_code == 422
    line = context.audit.newest(1)[0]
    assert (line.who, line.action, line.outcome.value) == ("token", action, "invalid")
    assert line.target == "users"
    assert line.details["cause"].startswith(cause)
    assert "script" not in str(line)


def test_a_page_does_not_name_its_own_component() -> None:
    own = ComponentError("control-center", "the session has ended", "Log in again.")
    assert error_text(own) == "The session has ended. Log in again."
    other = UnreachableError("kafka-1", "does not answer")
    assert error_text(other) == "kafka-1: does not answer."
