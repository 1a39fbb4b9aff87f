"""The pages work without a mouse, and every control has a name for screen readers."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit
from tests.browser.visitor import READY

NAMELESS = """() => [...document.querySelectorAll(
        '.content :is([role=switch], input, button, select, textarea, a)')]
    .filter(one => one.checkVisibility() && one.type !== 'hidden')
    .filter(one => !(one.getAttribute('aria-label') || one.innerText.trim() || one.title
        || (one.labels && [...one.labels].some(label => label.innerText.trim()))
        || one.getAttribute('aria-labelledby')))
    .map(one => one.outerHTML.slice(0, 200))"""
FOCUSED = "document.activeElement.innerText || document.activeElement.getAttribute('aria-label')"


def test_the_skip_link_leads_to_the_main_part(visit: Visit) -> None:
    visitor = visit("reader")
    visitor.open("/")
    visitor.page.keyboard.press("Tab")
    assert "Skip" in visitor.page.evaluate(FOCUSED)
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.closest('.content') !== null")


def test_every_page_is_reached_by_tab_and_enter(visit: Visit) -> None:
    visitor = visit("reader")
    visitor.open("/")
    seen = set()
    for _ in range(20):
        visitor.page.keyboard.press("Tab")
        seen.add(visitor.page.evaluate(FOCUSED))
        if seen >= {"Home", "Stages"}:
            break
    assert "Stages" in seen
    visitor.page.get_by_role("link", name="Stages").focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector(READY["/stages"])


def test_the_login_needs_no_mouse(visit: Visit) -> None:
    visitor = visit()
    visitor.page.goto(f"{visitor.url}/login")
    # The browser moves the focus to the name some time after the page is loaded.
    visitor.page.wait_for_function("() => document.activeElement.id === 'name'")
    visitor.page.keyboard.type("reader")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.type(visitor.platform.installation.secret("control-center-reader"))
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector(READY["/"])


@pytest.mark.parametrize("path", READY)
def test_every_control_has_a_name(visit: Visit, path: str) -> None:
    visitor = visit("operator")
    visitor.open(path)
    assert visitor.page.evaluate(NAMELESS) == []
    assert visitor.page.locator("h1").count() == 1
    assert visitor.page.locator("html").get_attribute("lang")
