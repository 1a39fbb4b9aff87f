"""A page object of the Control Center, which collects the problems that the browser reports."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    sync_playwright,
)

from cli.host.paths import ROOT
from tests.harness.platform import Platform

PICTURES = ROOT / "docs/pictures"
TIMEOUT_MS = 30_000

# Page → a selector that matches when the page shows its data.
READY = {
    "/": "#sentence-box:is(.ok, .warn, .fail)",
    "/row": ".ask input",
    "/stages": "#airflow td >> nth=8",
    "/messages": "main td a",
    "/schemas": "main td",
    "/dead-letters": "#dead-letters:not(:text('Reading'))",
    "/alerts": "#firing:has-text('Firing')",
    "/audit": "main td",
}


# Milliseconds until first paint and load, bytes that were transferred, and the number of requests.
MEASURED = """() => {
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  const [page] = performance.getEntriesByType('navigation');
  const loaded = performance.getEntriesByType('resource');
  return [paint ? paint.startTime : 0, page.loadEventEnd,
    loaded.reduce((sum, one) => sum + one.transferSize, page.transferSize), loaded.length + 1];
}"""


@dataclass(frozen=True)
class PageTimes:
    """`data_s`: until the page shows its data."""

    path: str
    paint_ms: float
    load_ms: float
    data_s: float
    kib: float
    requests: int

    HEADER: ClassVar[str] = "first paint     load     data  transferred  requests  page"

    def __str__(self) -> str:
        return (
            f"{self.paint_ms:8.0f} ms {self.load_ms:5.0f} ms {self.data_s:6.2f} s"
            f" {self.kib:8,.0f} KiB  {self.requests:8}  {self.path}"
        )


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Debian's chromium."""
    program = shutil.which("chromium")
    assert program, "chromium is missing: make test-browser installs it"
    # Chromium's own sandbox does not start as root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """A user in a browser.

    `problems`: errors of console, scripts and requests; dialogs; requests to other machines.
    `clicks`: by click() since open().
    """

    platform: Platform
    page: Page
    problems: list[str] = field(default_factory=list)
    clicks: int = 0

    @property
    def url(self) -> str:
        return self.platform.installation.pages_url()

    @classmethod
    def open_browser(cls, platform: Platform, browser: Browser, **context: Any) -> Visitor:
        """Open a browser context, which has its own cookies."""
        page = browser.new_context(**context).new_page()
        page.set_default_timeout(TIMEOUT_MS)
        visitor = cls(platform, page)
        page.on("console", visitor._console)
        page.on("pageerror", lambda error: visitor.problems.append(f"script: {error}"))
        page.on("request", visitor._request)
        page.on("response", visitor._response)
        page.on("dialog", lambda dialog: visitor.problems.append(f"dialog: {dialog.message}"))
        return visitor

    def log_in(self, role: str, password: str | None = None) -> None:
        self.page.goto(f"{self.url}/login")
        self.fill_login(role, password)

    def fill_login(self, role: str, password: str | None = None) -> None:
        """Fill the form of the login, and send it."""
        self.page.get_by_label("Name", exact=True).fill(role)
        secret = password or self.platform.installation.secret(f"control-center-{role}")
        self.page.get_by_label("Password").fill(secret)
        self.page.get_by_role("button", name="Log in").click()

    def fetch(self, method: str, path: str) -> int:
        """The status of a request that the open page sends, after redirects. Playwright's own
        requests do not know names below localhost."""
        script = "([method, path]) => fetch(path, {method}).then(answer => answer.status)"
        return int(self.page.evaluate(script, [method, path]))

    def end_session(self) -> None:
        """Log out as another tab does: the open page notices it later."""
        self.page.evaluate("() => void fetch('/logout', {method: 'POST', redirect: 'manual'})")

    def open(self, path: str, ready: str = "") -> float:
        """Open a page; returns the seconds until it shows its data, for which the selector `ready`
        waits, by default that of READY."""
        began, self.clicks = time.monotonic(), 0
        self.page.goto(self.url + path, wait_until="commit")
        self.page.wait_for_selector(ready or READY[path.split("?")[0]])
        return time.monotonic() - began

    def measure(self, path: str, ready: str = "") -> PageTimes:
        """Open a page and measure it."""
        data_s = self.open(path, ready)
        self.page.wait_for_load_state("load")
        paint_ms, load_ms, size, requests = self.page.evaluate(MEASURED)
        return PageTimes(path, paint_ms, load_ms, data_s, size / 1024, requests)

    def click(self, element: Locator) -> None:
        """Click what is visible, and count the click."""
        self.clicks += 1
        element.click()

    def confirm(self, button: str, answer: str) -> None:
        """Click a button that asks first, and agree."""
        self.page.get_by_role("button", name=button, exact=True).click()
        self.page.get_by_role("dialog").get_by_role("button", name=answer).click()

    def await_text(self, text: str) -> None:
        """Wait until the main part of the page contains this text."""
        self.page.locator(".content").get_by_text(text).first.wait_for()

    def picture(self, name: str) -> None:
        """Write docs/pictures/NAME.png after animations have ended."""
        PICTURES.mkdir(exist_ok=True)
        self.page.wait_for_timeout(1000)
        self.page.screenshot(path=str(PICTURES / f"{name}.png"))

    def close(self) -> None:
        self.page.context.close()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not re.match(rf"{re.escape(self.url)}/|data:|blob:", request.url):
            self.problems.append(f"request to another machine: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.url}")
