"""Debian's chromium, and visitors with each role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.visitor import Visitor, open_chromium
from tests.harness.platform import Platform

Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with open_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def keys(platform: Platform) -> list[str]:
    """Keys of rows of users in all stores."""
    platform.await_run(platform.ingest(50))
    platform.assert_equal_everywhere()
    return [str(row[0]) for row in platform.sql("SELECT id FROM public.users LIMIT 50")]


@pytest.fixture
def visit(platform: Platform, keys: list[str], chromium: Browser) -> Iterator[Visit]:
    """visit("operator") returns a visitor with that role, visit() an anonymous visitor."""
    visitors: list[Visitor] = []

    def open_visitor(role: str = "", **context: Any) -> Visitor:
        visitor = Visitor.open_browser(platform, chromium, **context)
        visitors.append(visitor)
        if role:
            visitor.log_in(role)
            visitor.page.wait_for_selector("main h1")
        return visitor

    yield open_visitor
    for visitor in visitors:
        visitor.close()
