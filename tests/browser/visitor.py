"""Somebody at a browser: what he sees, and all that the browser complains of meanwhile."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from cli.host.paths import ROOT
from tests.harness.platform import Platform

PICTURES = ROOT / "docs/pictures"
PATIENCE_MS = 30_000

READY = {
    "/": "#sentence-box:is(.ok, .warn, .fail)",
    "/person": "main input",
    "/stages": "#airflow td >> nth=8",
    "/messages": "main td a",
    "/schemas": "main td",
    "/dead-letters": "#letters:not(:text('Reading'))",
    "/alerts": "#firing:has-text('Firing')",
    "/audit": "main td",
}
"""Page → what is there as soon as its data is."""


@dataclass
class Visitor:
    """`problems`: errors on the console, in scripts, of requests, and requests that leave."""

    platform: Platform
    page: Page
    problems: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.platform.here.url("control-center")

    @classmethod
    def arrive(cls, platform: Platform, browser: Browser, **context: Any) -> Visitor:
        """With a browser context (and so cookies) of his own."""
        page = browser.new_context(**context).new_page()
        page.set_default_timeout(PATIENCE_MS)
        found = cls(platform, page)
        page.on("console", found._console)
        page.on("pageerror", lambda error: found.problems.append(f"script: {error}"))
        page.on("request", found._request)
        page.on("response", found._response)
        page.on("dialog", lambda dialog: found.problems.append(f"dialog: {dialog.message}"))
        return found

    def log_in(self, role: str, password: str | None = None) -> None:
        self.page.goto(f"{self.url}/login")
        self.page.get_by_label("Name", exact=True).fill(role)
        secret = password or self.platform.here.secret(f"control-center-{role}")
        self.page.get_by_label("Password").fill(secret)
        self.page.get_by_role("button", name="Log in").click()

    def open(self, path: str) -> float:
        """Seconds until the page shows its data."""
        began = time.monotonic()
        self.page.goto(self.url + path, wait_until="commit")
        self.page.wait_for_selector(READY[path.split("?")[0]])
        return time.monotonic() - began

    def reads(self, text: str) -> None:
        """Waits until the main part of the page has this text in it."""
        self.page.locator(".content").get_by_text(text).first.wait_for()

    def picture(self, name: str) -> None:
        """docs/pictures/NAME.png, once nothing moves any more."""
        PICTURES.mkdir(exist_ok=True)
        self.page.wait_for_timeout(1000)
        self.page.screenshot(path=str(PICTURES / f"{name}.png"))

    def leave(self) -> None:
        self.page.context.close()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not re.match(rf"{re.escape(self.url)}/|data:|blob:", request.url):
            self.problems.append(f"leaves the machine: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.url}")
