"""The home page's sentence names every broken state, and no longer names it after the repair.

The tests print how long both took; each must take less than 30 s. From Home a person reaches cause,
log command and remedy with at most MOST_CLICKS clicks.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.harness.fault_injection import STATES
from tests.harness.platform import Platform
from tests.harness.wait import eventually

LIMIT_S = 240
MOST_CLICKS = 2
BROKEN = "#pipeline li:is(.fail, .warn)"
LOG = re.compile(r"make logs S=[a-z0-9-]+")


@pytest.fixture(scope="module", autouse=True)
def _restored(platform: Platform) -> Iterator[None]:
    """Some states lose changes, as their sentences report; this sends the changes again."""
    yield
    platform.restore()


def sentence(visitor: Visitor) -> str:
    return visitor.page.locator("#sentence").inner_text()


def good(visitor: Visitor) -> bool:
    text = sentence(visitor)
    return text.startswith("All rows") or "are on their way" in text


def named(visitor: Visitor, words: tuple[str, ...]) -> bool:
    text = sentence(visitor).lower()
    return all(word.lower() in text for word in words)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("state", STATES)
def test_a_broken_state_is_named_until_its_repair(visit: Visit, state: str) -> None:
    fault, words = STATES[state]
    visitor = visit("reader")
    visitor.open("/")
    platform = visitor.platform
    ready = f"a good sentence before: {state}"
    eventually(lambda: good(visitor) and not named(visitor, words), ready, LIMIT_S, 0.5)
    began = time.monotonic()
    with fault(platform):
        broken = time.monotonic()
        eventually(lambda: named(visitor, words), f"{words} in the sentence", LIMIT_S, 0.25)
        seen, text = time.monotonic(), sentence(visitor)
        status = status_sentence(platform)
        assert all(word.lower() in status for word in words), "make status has these words"
        clicks = reach_remedy(visitor, words)
        repairing = time.monotonic()
    repaired = time.monotonic()
    eventually(lambda: words[0].lower() not in sentence(visitor).lower(), "gone", LIMIT_S, 0.25)
    gone = time.monotonic()
    eventually(lambda: good(visitor), "a good sentence again", LIMIT_S, 0.25)
    print(
        f"\n{state}: {text}\n"
        f"  named {seen - began:.1f} s after the command ({seen - broken:.1f} s after its effect), "
        f"gone {gone - repaired:.1f} s after the repair, which took {repaired - repairing:.1f} s, "
        f"recovered after {time.monotonic() - repaired:.1f} s\n"
        f"  cause, log command, remedy and stage with {clicks} clicks from Home"
    )


def reach_remedy(visitor: Visitor, words: tuple[str, ...]) -> int:
    """Go from Home to cause, log command and remedy, and on to the stage; returns the clicks."""
    visitor.open("/?table=users")
    cards = visitor.page.locator(BROKEN)

    def cause_is_shown() -> bool:
        shown = " ".join(cards.all_inner_texts()).lower()
        return all(part in shown for part in parts(words))

    eventually(cause_is_shown, f"{parts(words)} in the diagram", 60, 0.5)
    card = next(
        card for card in cards.all() if all(part in lower(card) for part in parts(words[:1]))
    )
    remedy = card.get_by_text(re.compile("^Remedy: .{10,}"))
    for part in (card.get_by_text(LOG), remedy):
        assert part.first.is_visible()
    stage = card.locator(".step-title a")
    if stage.count():
        visitor.click(stage)
        visitor.page.wait_for_url(re.compile("/stages.*#"))
        section = visitor.page.locator(f"#{visitor.page.url.partition('#')[2]}")
        section.get_by_role("heading").first.wait_for()
        visitor.page.go_back()
        visitor.page.wait_for_selector(BROKEN)
    assert visitor.clicks <= MOST_CLICKS
    return visitor.clicks


def parts(words: tuple[str, ...]) -> list[str]:
    """The words, and component and cause apart, as the diagram has them."""
    return [part.lower() for word in words for part in word.split(": ")]


def lower(card: Locator) -> str:
    return card.inner_text().lower()


def status_sentence(platform: Platform) -> str:
    return str(platform.control_center("GET", "/api/status")["sentence"]).lower()
