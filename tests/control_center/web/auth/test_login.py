"""The login leads back to the page that was asked for, and to no other host."""

from __future__ import annotations

import html
import re

import pytest
from fastapi.testclient import TestClient

from control_center.web import theme
from control_center.web.auth.roles import Role
from tests.control_center.web.auth.conftest import PASSWORDS, SAME_ORIGIN, log_in


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
