"""axe-core: the accessibility rules of WCAG, run in the browser (https://www.deque.com/axe/)."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

from cli.host.paths import ROOT

FOLDER = ROOT / ".venv/axe"
REQUIREMENTS = Path(__file__).parent / "axe.txt"
SEVERE = ("serious", "critical")
RUN = "axe.run(document, {resultTypes: ['violations']})"


@cache
def script() -> str:
    """axe-core's JavaScript; installs it at first use, with its hash checked."""
    file = FOLDER / "axe_playwright_python/axe.min.js"
    if not file.exists():
        options = ["--quiet", "--no-deps", "--require-hashes", "--target", str(FOLDER)]
        pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]
        subprocess.run([*pip, *options, "-r", str(REQUIREMENTS)], check=True)
    return file.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """The serious and critical violations: rule, and the first element that violates it."""
    page.evaluate(script())
    return [
        f"{item['id']} ({len(item['nodes'])}): {item['nodes'][0]['html'][:200]}"
        for item in page.evaluate(RUN)["violations"]
        if item["impact"] in SEVERE
    ]
