"""Who may do what: anonymous visitors, readers who act, other origins and injected text are
refused, and each refusal is logged."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.browser.conftest import Visit
from tests.browser.visitor import READY, Visitor
from tests.harness.platform import Platform
from tests.harness.wait import eventually

ACTIONS = ["/api/connector/restart", "/api/repair", "/api/tables/users/dead-letters/send"]
# No row has this key, or no table this name.
NO_SUCH = re.compile("[Nn]o row of users|No such table")
INJECTIONS = [
    "' OR '1'='1' --",
    "<img src=x onerror=alert(1)>",
    "../../etc/passwd",
    "${jndi:ldap://127.0.0.1/x}",
    "{{7*7}}",
]


def audit(platform: Platform) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = platform.control_center("GET", "/api/audit?limit=500")["audit"]
    return lines


def await_refusal(platform: Platform, **expected: str) -> None:
    """Waits until the audit log has a refusal with these values."""
    await_line(platform, outcome="refused", **expected)


def await_line(platform: Platform, **expected: str) -> None:
    """Waits until the audit log has a line with these values."""

    def is_logged() -> bool:
        return any(
            all(line[name] == value for name, value in expected.items())
            for line in audit(platform)[:40]
        )

    eventually(is_logged, f"in the audit log: {expected}", 30)


@pytest.mark.parametrize("path", READY)
def test_an_anonymous_visitor_sees_the_login_only(visit: Visit, path: str) -> None:
    visitor = visit()
    visitor.page.goto(visitor.url + path)
    assert visitor.page.url.startswith(f"{visitor.url}/login")
    assert visitor.page.locator("main input").count() == 3


def test_an_anonymous_request_is_refused_and_logged(visit: Visit) -> None:
    visitor = visit()
    visitor.page.goto(f"{visitor.url}/login")
    assert visitor.fetch("GET", "/api/tables/users/dead-letters") == 401
    await_refusal(visitor.platform, who="anonymous", target="GET /api/tables/users/dead-letters")


def test_a_wrong_password_is_refused_and_logged(visit: Visit) -> None:
    visitor = visit()
    visitor.log_in("operator", "not the password")
    visitor.page.get_by_role("alert").get_by_text("wrong").wait_for()
    await_refusal(visitor.platform, who="operator", action="login")


@pytest.mark.parametrize(
    ("path", "name", "action"),
    [
        ("/", "Compare now", "compare"),
        ("/", "Repair what differs", "repair"),
        ("/stages", "Restart connector and task", "restart connector"),
        ("/dead-letters", "Send all again", "send again"),
        ("/dead-letters", "Send it again", "send again"),
    ],
)
def test_a_reader_cannot_act(visit: Visit, path: str, name: str, action: str) -> None:
    visitor = visit("reader")
    visitor.open(path)
    button = visitor.page.get_by_role("button", name=name)
    assert button.is_disabled()
    before = audit(visitor.platform)
    # An event before the websocket's handshake is lost. The page's first answer has its data.
    visitor.page.wait_for_function("() => window.did_handshake")
    # A disabled button takes no click, so its event is sent to the server as a forger would.
    button.evaluate("element => getElement(element).$emit('click')")

    def new_lines() -> list[tuple[str, str]]:
        lines = [line for line in audit(visitor.platform) if line not in before]
        return [(line["outcome"], line["who"]) for line in lines if line["action"] == action]

    eventually(new_lines, f"{action} in the audit log", 30)
    assert new_lines() == [("refused", "reader")]


@pytest.mark.parametrize(
    "path", ["/api/connector/restart", "/api/repair", "/api/tables/users/dead-letters/send"]
)
def test_a_reader_s_session_cannot_act_by_the_api(visit: Visit, path: str) -> None:
    visitor = visit("reader")
    status = visitor.page.evaluate(
        "path => fetch(path, {method: 'POST', headers: {'Content-Type': 'application/json'}, "
        "body: '{}'}).then(answer => answer.status)",
        path,
    )
    assert status == 403
    await_refusal(visitor.platform, who="reader", target=f"POST {path}")


FORGED = """<!doctype html><title>forged</title>
<form method=post action="{target}/api/connector/restart"><button>win</button></form>
<script>
  window.results = [];
  for (const path of ['/api/repair', '/api/tables/users/dead-letters/send'])
    fetch('{target}' + path, {{method: 'POST', credentials: 'include', body: '{{}}',
      headers: {{'Content-Type': 'text/plain'}}, mode: 'no-cors'}}).catch(() => 0);
  fetch('{target}/api/audit', {{credentials: 'include'}})
    .then(answer => answer.text()).then(text => results.push(text))
    .catch(() => results.push('kept'));
  const socket = new WebSocket('{target}/_nicegui_ws/socket.io/?EIO=4&transport=websocket'
    .replace('http', 'ws'));
  socket.onopen = () => results.push('socket open');
  socket.onerror = () => results.push('socket refused');
</script>"""


@pytest.fixture
def elsewhere(platform: Platform) -> Iterator[str]:
    """Another origin of the same site: a page on another port of this machine, so that a browser
    sends even SameSite cookies."""
    page = FORGED.format(target=platform.installation.pages_url()).encode()

    class Forger(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Forger)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def test_another_origin_cannot_act(visit: Visit, elsewhere: str) -> None:
    visitor = visit("operator")
    visitor.page.goto(elsewhere)
    visitor.page.wait_for_function("results.length >= 2")
    assert sorted(visitor.page.evaluate("results")) == ["kept", "socket refused"]
    visitor.page.get_by_role("button", name="win").click()
    visitor.page.get_by_text("it comes from another origin").wait_for()
    posts = [f"POST {path}" for path in ACTIONS]
    for target in (*posts, "GET /api/audit", "websocket /_nicegui_ws/socket.io/"):
        await_refusal(visitor.platform, action="request", target=target)


@pytest.mark.parametrize("text", INJECTIONS)
def test_typed_text_is_never_executed(visit: Visit, text: str) -> None:
    visitor = visit("operator")
    for path, label, button, action, error in (
        ("/messages", "Partition (all)", "Show", "browse messages", "whole number"),
        ("/messages", "From offset (newest)", "Show", "browse messages", "whole number"),
        ("/schemas", "Avro schema (JSON)", "Check", "check schema", "not JSON"),
    ):
        visitor.open(path)
        visitor.page.get_by_label(label, exact=True).fill(text[:18] if "ffset" in label else text)
        visitor.page.get_by_role("button", name=button, exact=True).click()
        visitor.page.get_by_role("alert").get_by_text(error).wait_for()
        await_line(visitor.platform, outcome="invalid", who="operator", action=action)
    visitor.open("/row?table=users")
    visitor.page.get_by_label("id, or a value of").fill(text)
    visitor.page.get_by_role("button", name="Find", exact=True).click()
    visitor.page.get_by_role("alert").get_by_text(NO_SUCH).wait_for()
    assert visitor.problems == []


def test_an_injection_in_the_login_is_refused(visit: Visit) -> None:
    for text in INJECTIONS[:2]:
        visitor = visit()
        visitor.log_in(text, text)
        visitor.page.get_by_role("alert").get_by_text("wrong").wait_for()
        assert [problem for problem in visitor.problems if "dialog" in problem] == []
    await_refusal(visitor.platform, who="anonymous", action="login")


def test_an_injection_in_the_address_finds_nothing(visit: Visit) -> None:
    visitor: Visitor = visit("reader")
    for text in INJECTIONS:
        for query in (f"table=users&key={quote(text)}", f"table={quote(text)}"):
            visitor.page.goto(f"{visitor.url}/row?{query}")
            visitor.page.get_by_role("alert").get_by_text(NO_SUCH).wait_for()
    assert visitor.problems == []


def test_a_typing_error_is_not_logged_as_a_refusal(visit: Visit) -> None:
    visitor = visit("reader")
    visitor.open("/row?table=users")
    visitor.page.get_by_role("button", name="Find", exact=True).click()
    visitor.page.get_by_role("alert").get_by_text("Give a key of 1 to 4096").wait_for()
    expected = {"who": "reader", "action": "find row", "target": "users"}
    await_line(visitor.platform, outcome="invalid", **expected)
    visitor.open("/audit")
    visitor.page.get_by_label("Outcome", exact=True).click()
    visitor.page.get_by_role("option", name="invalid").click()
    visitor.page.get_by_role("cell", name="find row").first.wait_for()
    assert visitor.page.get_by_role("cell", name="login").count() == 0


def test_an_ended_session_cannot_act(visit: Visit) -> None:
    visitor = visit("operator")
    visitor.open("/stages")
    visitor.end_session()
    visitor.page.get_by_role("button", name="Restart connector and task").click()
    visitor.page.get_by_text("The session has ended").wait_for()
