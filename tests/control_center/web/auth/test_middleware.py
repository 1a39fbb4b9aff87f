"""AuthMiddleware: no request of a stranger passes, none from another origin, none beyond a role."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from contract.jobs.job import JobKind
from control_center.web.auth.roles import Role
from control_center.web.auth.sessions import COOKIE
from control_center.web.context import AppContext
from tests.control_center.web.auth.conftest import PASSWORDS, SAME_ORIGIN, TOKEN, log_in


def logged(context: AppContext, outcome: str) -> list[dict[str, Any]]:
    return [line.to_json() for line in context.audit.newest() if line.outcome.value == outcome]


def refused(context: AppContext) -> list[dict[str, Any]]:
    return logged(context, "refused")


def test_an_anonymous_visitor_is_led_to_the_login(client: TestClient, context: AppContext) -> None:
    answer = client.get("/", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?to=/")
    assert client.get("/login").status_code == 200
    assert client.get("/api/health").json() == {"ok": True}


@pytest.mark.parametrize("path", ["/", "/api/status", "/api/audit", "/_nicegui/x/static/a.js"])
def test_an_anonymous_visitor_is_refused_and_logged(
    client: TestClient, context: AppContext, path: str
) -> None:
    assert client.get(path).status_code == 401
    assert refused(context)[0]["target"] == f"GET {path}"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
def test_the_audit_log_holds_no_key_of_a_row(
    client: TestClient, context: AppContext, headers: dict[str, str]
) -> None:
    """A key or a value of an indexed column may be personal."""
    path = "/api/tables/users/rows/ana@example.com"
    assert client.get(path, headers=headers).status_code == 401
    assert refused(context)[0]["target"] == "GET /api/tables/users/rows/…"


def test_a_login_opens_the_page(client: TestClient, context: AppContext) -> None:
    answer = log_in(client)
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get("/").json() == {"page": True}
    assert client.get("/api/audit").json()["audit"][0]["action"] == "login"


def test_a_logout_ends_the_session_for_whoever_kept_the_cookie(
    client: TestClient, context: AppContext
) -> None:
    log_in(client)
    kept = client.cookies[COOKIE]
    assert client.post("/logout", headers=SAME_ORIGIN).status_code == 303
    client.cookies.set(COOKIE, kept)
    assert client.get("/").status_code == 401
    restarted = AppContext.of(context.clients, [TOKEN, *PASSWORDS.values()])
    assert restarted.sessions.read(kept) is None


@pytest.mark.parametrize(
    "cookie", ["", "x", "WyJvcGVyYXRvciIsICJ4Il0.aaaa.bbbb", '["operator","x"]', "a" * 5000]
)
def test_a_forged_cookie_is_not_a_session(client: TestClient, cookie: str) -> None:
    assert client.get("/", headers={"Cookie": f"{COOKIE}={cookie}"}).status_code == 401


def test_other_credentials_end_every_session(context: AppContext) -> None:
    others = AppContext.of(context.clients, ["other"])
    assert context.sessions.read(others.sessions.begin(Role.OPERATOR)) is None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://testserver:8080"},
    ],
)
@pytest.mark.parametrize("path", ["/api/compare", "/api/connector/restart", "/login", "/logout"])
def test_a_request_from_elsewhere_cannot_act(
    client: TestClient, context: AppContext, headers: dict[str, str], path: str
) -> None:
    log_in(client)
    assert client.post(path, headers=headers, json={}).status_code == 403
    assert refused(context)[0]["action"] == "request"


def test_another_site_cannot_read_the_api_by_a_link(client: TestClient) -> None:
    log_in(client)
    for site in ("cross-site", "same-site"):
        answer = client.get("/api/audit", headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403
        assert answer.json()["code"] == "forbidden"


def test_a_websocket_wants_session_and_origin(client: TestClient) -> None:
    def opens(headers: dict[str, str]) -> bool:
        try:
            with client.websocket_connect("/_nicegui_ws/socket", headers=headers) as socket:
                return str(socket.receive_text()) == "in"
        except WebSocketDisconnect:
            return False

    assert not opens(SAME_ORIGIN), "no user is logged in"
    log_in(client)
    assert opens(SAME_ORIGIN)
    assert not opens({})
    assert not opens({"Origin": "http://evil.example"})
    assert client.get("/_nicegui_ws/socket").status_code == 403, "no polling"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/compare", {}),
        ("/api/repair", {}),
        ("/api/rebuild", {}),
        ("/api/bench", {}),
        ("/api/smoke-test", {}),
        ("/api/connector/restart", None),
        ("/api/tables/users/dead-letters/send", {}),
    ],
)
def test_a_reader_cannot_act(
    client: TestClient, context: AppContext, path: str, body: object
) -> None:
    log_in(client, Role.READER)
    assert client.post(path, headers=SAME_ORIGIN, json=body).status_code == 403
    line = refused(context)[0]
    assert (line["who"], line["target"]) == ("reader", f"POST {path}")
    assert line["details"]["cause"] == "requires the role operator"


def test_reading_the_newest_comparison_starts_none(client: TestClient, context: AppContext) -> None:
    log_in(client, Role.READER)
    answer = client.get("/api/compare")
    assert answer.status_code == 404
    assert "POST /api/compare starts one" in answer.json()["remedy"]
    assert context.jobs.newest(JobKind.COMPARE) is None


def test_an_operator_acts_and_it_is_logged(client: TestClient, context: AppContext) -> None:
    log_in(client)
    answer = client.post("/api/connector/restart", headers=SAME_ORIGIN)
    assert answer.status_code == 503, "nobody listens there, but the operator was let through"
    assert not refused(context)


def test_a_wrong_token_is_not_helped_by_a_session(client: TestClient) -> None:
    log_in(client)
    assert client.get("/api/audit", headers={"Authorization": "Bearer x"}).status_code == 401
    answer = client.get("/", headers={"Authorization": "Bearer x"})
    assert answer.status_code == 200, "pages know no tokens"


def test_a_token_opens_no_page(client: TestClient) -> None:
    token = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/", headers=token).status_code == 401
    assert client.get("/api/audit", headers=token).status_code == 200


def test_failed_logins_are_logged_and_throttled(client: TestClient, context: AppContext) -> None:
    for _ in range(5):
        assert log_in(client, password="not-the-password").status_code == 401
    assert log_in(client, password="not-the-password").status_code == 429
    assert log_in(client, Role.READER).status_code == 303, "other names are let in"
    assert [line["who"] for line in refused(context)] == ["operator"] * 6
    assert "not-the-password" not in str(context.audit.newest())


def test_failed_logins_of_others_lock_nobody_out(client: TestClient) -> None:
    for _ in range(6):
        log_in(client, password="not-the-password")
    assert log_in(client).status_code == 303


@pytest.mark.parametrize("name", ["admin", "' OR 1=1 --", "<script>alert(1)</script>", "reader\0"])
def test_names_that_do_not_exist_are_not_repeated(
    client: TestClient, context: AppContext, name: str
) -> None:
    answer = log_in(client, name=name)
    assert answer.status_code == 401
    assert name not in answer.text
    assert refused(context)[0]["who"] == "anonymous"
    assert name not in str(refused(context))


def test_every_answer_forbids_features_that_pages_do_not_need(client: TestClient) -> None:
    for answer in (client.get("/login"), client.get("/"), client.post("/api/compare")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "http" not in policy, "nothing leads off this host"
        assert answer.headers["cache-control"] == "no-store"


USERS = "/api/tables/users"
INJECTIONS = ["' OR 1=1 --", "<script>alert(1)</script>", "../../etc/passwd", "${jndi:ldap://x}"]


@pytest.mark.parametrize("text", INJECTIONS)
def test_injections_are_invalid_and_logged(
    client: TestClient, context: AppContext, text: str
) -> None:
    log_in(client)
    asked = [
        client.get(f"{USERS}/messages", params={"topic": text}),
        client.post(f"{USERS}/schemas/check", json={"schema": text}, headers=SAME_ORIGIN),
        client.post(
            f"{USERS}/dead-letters/send", json={"dead_letters": [text]}, headers=SAME_ORIGIN
        ),
    ]
    assert [answer.status_code for answer in asked] == [422] * 3
    assert [line["action"] for line in logged(context, "invalid")] == [
        "send again",
        "check schema",
        "browse messages",
    ]
    assert {line["target"] for line in logged(context, "invalid")} == {"users"}
    assert client.get(f"{USERS}/messages", params={"offset": text}).status_code == 422
