"""Every page opens with real data and without problems, on a desktop and on a phone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import Visit
from tests.browser.visitor import READY, PageTimes
from tests.harness.wait import eventually

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "color_scheme": "dark",
    "has_touch": True,
}
SCREENS = {"desktop": DESKTOP, "phone": PHONE}
# (page, screen) → name of its picture in docs/pictures.
PICTURES = {
    ("/", "desktop"): "home",
    ("/", "phone"): "home-phone",
    ("/stages", "desktop"): "stages",
    ("/messages", "desktop"): "messages",
    ("/alerts", "desktop"): "alerts",
}


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("path", READY)
def test_a_page_opens(visit: Visit, path: str, screen: str) -> None:
    visitor = visit("reader", **SCREENS[screen])
    first, again = visitor.open(path), visitor.open(path)
    print(f"{path} on a {screen}: {first:.2f} s, again {again:.2f} s")
    visitor.page.wait_for_timeout(1500)
    wide = visitor.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not wide, "the page itself scrolls sideways"
    dark = visitor.page.evaluate("document.body.classList.contains('body--dark')")
    assert dark == (screen == "phone"), "light or dark as the system has it"
    assert visitor.problems == []
    if (path, screen) in PICTURES:
        visitor.picture(PICTURES[path, screen])


def test_the_times_of_the_pages_are_printed(visit: Visit) -> None:
    """The second opening has what the browser keeps: styles, scripts and fonts."""
    visitor = visit("reader", **DESKTOP)
    print(f"\n{PageTimes.HEADER}")
    for path in READY:
        for opening in ("", " again"):
            times = visitor.measure(path)
            print(f"{times}{opening}")
            assert times.paint_ms > 0
            assert times.kib > 0


def test_home_and_status_have_the_same_sentence(visit: Visit) -> None:
    visitor = visit("reader")
    visitor.open("/")

    def same() -> bool:
        status = visitor.platform.control_center("GET", "/api/status")
        shown = visitor.page.locator("#sentence").inner_text()
        begin = status["sentence"].split(",")[0]
        return bool(status["ok"] and shown.lower().startswith(begin.lower()))

    eventually(same, "the page's sentence is that of make status", 60)


def test_history_is_drawn(visit: Visit) -> None:
    visitor = visit("reader")

    def drawn() -> bool:
        visitor.open("/")
        visitor.page.locator(".chart canvas").first.wait_for(timeout=10_000)
        return visitor.page.locator(".chart:visible").count() == 2

    eventually(drawn, "both charts", 180, pause_s=5)
    assert visitor.problems == []


def test_light_and_dark_are_chosen_and_kept(visit: Visit) -> None:
    visitor = visit("reader", **DESKTOP)
    visitor.open("/")
    visitor.page.get_by_role("button", name="Light or dark").click()
    visitor.open("/stages")
    assert visitor.page.evaluate("document.body.classList.contains('body--dark')")


def test_the_chosen_table_is_kept_from_page_to_page(visit: Visit) -> None:
    visitor = visit("reader", **DESKTOP)
    visitor.open("/?table=users")
    visitor.page.get_by_role("link", name="Messages").click()
    visitor.page.wait_for_selector(READY["/messages"])
    assert visitor.page.url.endswith("/messages?table=users")
    assert visitor.page.get_by_label("Table", exact=True).input_value() == "users"


def test_home_shows_the_delivery_of_each_table(visit: Visit) -> None:
    visitor = visit("reader", **DESKTOP)
    visitor.open("/")
    row = visitor.page.locator("#tables").get_by_role("row").filter(has_text="users")
    row.get_by_text("ok").wait_for()
    numbers = row.get_by_role("cell").all_inner_texts()[2:5]
    assert all(text.replace(",", "").isdigit() for text in numbers), numbers
