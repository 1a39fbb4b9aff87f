"""axe-core has no serious or critical violation on any page: light and dark, wide and narrow."""

from __future__ import annotations

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.visitor import READY

WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_page_is_accessible(visit: Visit, scheme: str, width: int) -> None:
    screen = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    visitor = visit("operator", **screen)
    faults = {}
    for path in READY:
        visitor.open(path)
        visitor.page.wait_for_timeout(1000)
        faults[path] = violations(visitor.page)
    assert {path: lines for path, lines in faults.items() if lines} == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_login_is_accessible(visit: Visit, scheme: str) -> None:
    visitor = visit(color_scheme=scheme)
    visitor.page.goto(f"{visitor.url}/login")
    assert violations(visitor.page) == []


def test_a_message_is_accessible(visit: Visit) -> None:
    visitor = visit("reader", color_scheme="dark")
    visitor.open("/messages?table=users")
    # The middle of the row is the link to One row.
    visitor.page.get_by_role("row").nth(1).get_by_role("cell").nth(1).click()
    visitor.page.get_by_role("dialog").get_by_role("button", name="Close").wait_for()
    visitor.page.wait_for_timeout(1000)
    assert violations(visitor.page) == []
