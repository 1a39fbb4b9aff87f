"""The login leads back to the page that was asked for, and to no other host."""

from __future__ import annotations

import html
import re

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from contract.health.page_host import page_host
from control_center.web import theme
from control_center.web.auth.roles import Role
from control_center.web.auth.sessions import COOKIE
from control_center.web.context import AppContext
from tests.control_center.web.auth.conftest import PASSWORDS, SAME_ORIGIN, TOKEN, log_in


def test_a_deep_link_keeps_its_query_through_the_login(client: TestClient) -> None:
    page = "/?table=users&key=%5B%22a%26b%22%5D"
    answer = client.get(page, headers={"Accept": "text/html"})
    form = client.get(answer.headers["location"])
    hidden = re.search(r'name="to" value="([^"]*)"', form.text)
    assert hidden
    to = html.unescape(hidden[1])
    assert to == page
    assert log_in(client, to=to).headers["location"] == page


def test_who_is_logged_in_sees_no_login(client: TestClient) -> None:
    log_in(client)
    answer = client.get("/login", params={"to": "/?table=users"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/?table=users")


def test_the_login_says_that_the_session_has_ended(client: TestClient) -> None:
    assert "The session has ended." in client.get("/login?ended=1").text
    assert "The session has ended." not in client.get("/login").text


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [("dark", "login body--dark"), ("light", "login body--light"), ("x", "login ")],
)
def test_the_login_has_the_chosen_theme(client: TestClient, chosen: str, expected: str) -> None:
    client.cookies.set(theme.COOKIE, chosen)
    assert f'<body class="{expected}">' in client.get("/login").text


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil", "/x\r\nA: b", "/login?to=/", '"><']
)
def test_a_login_leads_to_a_page_of_ours(client: TestClient, to: str) -> None:
    answer = client.post(
        "/login",
        data={"name": "reader", "password": PASSWORDS[Role.READER], "to": to},
        headers=SAME_ORIGIN,
    )
    assert answer.headers["location"] == "/"


SHARED = "http://127.0.0.1:9021"


@pytest.fixture
def shared(client: TestClient) -> TestClient:
    """A browser at an address that it shares with the programs of other users."""
    return TestClient(client.app, base_url=SHARED, follow_redirects=False)


def log_in_there(shared: TestClient, to: str = "/") -> Response:
    form = {"name": "operator", "password": PASSWORDS[Role.OPERATOR], "to": to}
    answer: Response = shared.post("/login", data=form, headers={"Origin": SHARED})
    return answer


def led_to(answer: Response) -> str:
    match = re.search(r'http-equiv="refresh" content="0;url=([^"]*)"', answer.text)
    assert match
    return html.unescape(match[1])


def test_a_shared_host_name_gets_no_cookie(shared: TestClient) -> None:
    answer = log_in_there(shared)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert led_to(answer).startswith(f"http://{page_host(TOKEN)}:9021/login/ticket?")


def test_a_cookie_of_a_shared_host_name_is_no_session(
    shared: TestClient, context: AppContext
) -> None:
    cookie = context.sessions.begin(Role.OPERATOR)
    assert shared.get("/", headers={"Cookie": f"{COOKIE}={cookie}"}).status_code == 401


def test_no_stranger_learns_the_own_host_name(shared: TestClient) -> None:
    strangers = [
        shared.get("/"),
        shared.get("/login"),
        shared.post("/login", data={"name": "operator", "password": "x"}),
        shared.get("/login/ticket?ticket=x"),
    ]
    for answer in strangers:
        assert page_host(TOKEN) not in answer.text + str(answer.headers)


def test_a_ticket_opens_the_pages_once(client: TestClient, shared: TestClient) -> None:
    page = "/?table=users&key=%5B%22a%22%5D"
    ticket = led_to(log_in_there(shared, page))
    own = TestClient(client.app, base_url=f"http://{page_host(TOKEN)}:9021", follow_redirects=False)
    answer = own.get(ticket)
    assert led_to(answer) == page
    assert "samesite=strict" in answer.headers["set-cookie"].lower()
    assert own.get(page).json() == {"page": True}
    again = TestClient(
        client.app, base_url=f"http://{page_host(TOKEN)}:9021", follow_redirects=False
    )
    answer = again.get(ticket)
    assert answer.headers["location"].startswith("/login?to=")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("ticket", ["", "x", "WyJvcGVyYXRvciIsICJ4Il0.aaaa.bbbb"])
def test_a_forged_ticket_opens_nothing(client: TestClient, ticket: str) -> None:
    answer = client.get("/login/ticket", params={"ticket": ticket})
    assert (answer.status_code, "set-cookie" in answer.headers) == (303, False)


def test_a_cookie_is_no_ticket(client: TestClient, context: AppContext) -> None:
    cookie = context.sessions.begin(Role.OPERATOR)
    assert "set-cookie" not in client.get("/login/ticket", params={"ticket": cookie}).headers
    assert context.sessions.read(context.sessions.ticket(Role.OPERATOR)) is None


def test_a_link_of_another_page_asks_again_for_the_cookie(client: TestClient) -> None:
    headers = {"Accept": "text/html", "Sec-Fetch-Site": "cross-site"}
    answer = client.get("/", headers=headers)
    assert (answer.status_code, answer.headers.get("location")) == (200, None)
    assert 'http-equiv="refresh"' in answer.text
    headers["Sec-Fetch-Site"] = "same-origin"
    assert client.get("/", headers=headers).headers["location"] == "/login?to=/"
