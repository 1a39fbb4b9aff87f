"""Every page shows the chosen table, and says so when there is no such table."""

from __future__ import annotations

import asyncio

from control_center.web.ui.layout import OF_TABLE, PAGES
from tests.control_center.web.ui import browser
from tests.control_center.web.ui.browser import log_in

UNKNOWN = "No such table in the deployed release. The tables are orders, users."


async def pages(url: str, query: str) -> dict[str, str]:
    """Path → the page's HTML, for a reader."""
    async with browser.session() as session:
        await log_in(session, url)
        answers = {}
        for path in PAGES:
            answer = await session.get(f"{url}{path}{query}")
            assert answer.status == 200, path
            answers[path] = await answer.text()
        return answers


def test_the_url_chooses_the_table_and_links_keep_it(url: str) -> None:
    for path, html in asyncio.run(pages(url, "?table=users")).items():
        assert "/messages?table=users" in html, path
        assert ('"label":"Table"' in html) == (path in OF_TABLE), path
        assert UNKNOWN not in html, path


def test_an_unknown_table_is_said(url: str) -> None:
    for path, html in asyncio.run(pages(url, "?table=%3Cscript%3Einvoices")).items():
        assert (UNKNOWN in html) == (path in OF_TABLE), path
        assert "invoices" not in html, path
