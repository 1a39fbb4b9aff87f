"""The login keeps deep links and the theme; a tab of an ended session reads nothing more."""

from __future__ import annotations

from tests.browser.conftest import Visit
from tests.browser.test_pages import DESKTOP
from tests.browser.visitor import READY


def test_a_deep_link_survives_the_login(visit: Visit, keys: list[str]) -> None:
    visitor = visit()
    page = f"{visitor.url}/row?table=users&key={keys[0]}"
    visitor.page.goto(page)
    visitor.fill_login("reader")
    visitor.page.wait_for_selector(READY["/row"])
    assert visitor.page.url == page
    visitor.page.goto(f"{visitor.url}/login")
    assert visitor.page.url == f"{visitor.url}/", "who is logged in needs no login"


def test_an_open_tab_ends_with_its_session(visit: Visit) -> None:
    visitor = visit("reader")
    visitor.open("/?table=users")
    visitor.end_session()
    visitor.page.get_by_text("The session has ended").wait_for(timeout=20_000)
    assert visitor.page.locator("#sentence").count() == 0
    visitor.fill_login("reader")
    visitor.page.wait_for_selector(READY["/"])
    assert visitor.page.url.endswith("/?table=users")


def test_the_login_has_the_chosen_theme(visit: Visit) -> None:
    visitor = visit("reader", **DESKTOP)
    visitor.open("/")
    visitor.page.get_by_role("button", name="Light or dark").click()
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name="Log out").click()
    assert visitor.page.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(20, 23, 26)"
    )


def test_an_unknown_path_leads_back(visit: Visit) -> None:
    visitor = visit("reader")
    visitor.page.goto(f"{visitor.url}/nothing-here")
    visitor.page.get_by_role("heading", name="There is no such page").wait_for()
    visitor.page.get_by_role("link", name="Home").click()
    visitor.page.wait_for_selector(READY["/"])


def test_a_login_at_127_0_0_1_leads_to_the_pages(visit: Visit) -> None:
    visitor = visit()
    shared = visitor.platform.installation.url("control-center")
    visitor.page.goto(f"{shared}/row?table=users")
    visitor.fill_login("reader")
    visitor.page.wait_for_url(f"{visitor.url}/row?table=users")
    visitor.page.wait_for_selector("main h1")
    assert visitor.page.context.cookies(shared) == []
    visitor.page.goto(f"{shared}/messages?table=users")  # as links of Airflow do
    visitor.page.wait_for_url(f"{visitor.url}/messages?table=users")
    visitor.page.wait_for_selector("main h1")
