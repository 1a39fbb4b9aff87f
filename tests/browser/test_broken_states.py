"""The home page's sentence names every broken state, and no longer names it after the repair.

The tests print how long both took; each must take less than 30 s.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.harness.fault_injection import STATES
from tests.harness.platform import Platform
from tests.harness.wait import eventually

LIMIT_S = 240


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
        repairing = time.monotonic()
    repaired = time.monotonic()
    eventually(lambda: words[0].lower() not in sentence(visitor).lower(), "gone", LIMIT_S, 0.25)
    gone = time.monotonic()
    eventually(lambda: good(visitor), "a good sentence again", LIMIT_S, 0.25)
    print(
        f"\n{state}: {text}\n"
        f"  named {seen - began:.1f} s after the command ({seen - broken:.1f} s after its effect), "
        f"gone {gone - repaired:.1f} s after the repair, which took {repaired - repairing:.1f} s, "
        f"recovered after {time.monotonic() - repaired:.1f} s"
    )


def status_sentence(platform: Platform) -> str:
    return str(platform.control_center("GET", "/api/status")["sentence"]).lower()
